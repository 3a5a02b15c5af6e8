/*
 * What the real Amazon QLDB printed: AWS CLI examples, the AWS streams sample and the developer guide. The Ion text of the
 * two blocks is put together from the values published there.
 */

/** Block 100 of an AWS sample ledger, `aws qldb get-block`. */
export const BLOCK_A = `{
  blockAddress: { strandId: "KmA3ZZca7vAIiJAK9S5Iwl", sequenceNo: 100 },
  transactionId: "FnQeJBAicTX0Ah32ZnVtSX",
  blockTimestamp: 2019-09-16T19:37:05.360Z,
  blockHash: {{NoChM92yKRuJAb/jeLd1VnYn4DHiWIf071ACfic9uHc=}},
  entriesHash: {{l05LOsiKV14SDbuaYnH7uwXzUvqzIwUiRLXGbTyj/nY=}},
  previousBlockHash: {{7kewBXhpdbClcZKxhVmpoMHpUGOJtWQD0iY2LPfZkYA=}},
  entriesHashList: [
    {{eRSwnmAM7WWANWDd5iGOyK+T4tDXyzUq6HZ/0fgLHos=}},
    {{mHVex/yjHAWjFPpwhBuH2GKXmKJjK2FBa9faqoUVNtg=}},
    {{y5cCBr7pOAIUfsVQ1j0TqtE97b4b4oo1R0vnYyE5wWM=}},
    {{TvTXygML1bMe6NvEZtGkX+KR+W/EJl4qD1mmV77KZQg=}}
  ],
  transactionInfo: {
    statements: [{
      statement: "FROM VehicleRegistration AS r \\nWHERE r.VIN = '1N4AL11D75C109151'\\nINSERT INTO r.Owners.SecondaryOwners\\n    VALUE { 'PersonId' : 'CMVdR77XP8zAglmmFDGTvt' }",
      startTime: 2019-09-16T19:37:05.302Z,
      statementDigest: {{jcgPX2vsOJ0waum4qmDYtn1pCAT9xKNIzA+2k4R+mxA=}}
    }],
    documents: {
      JUJgkIcNbhS2goq8RqLuZ4: {
        tableName: "VehicleRegistration", tableId: "BFJKdXgzt9oF4wjMbuxy4G", statements: [0]
      }
    }
  },
  revisions: [{
    blockAddress: { strandId: "KmA3ZZca7vAIiJAK9S5Iwl", sequenceNo: 100 },
    hash: {{mHVex/yjHAWjFPpwhBuH2GKXmKJjK2FBa9faqoUVNtg=}},
    data: {
      VIN: "1N4AL11D75C109151", LicensePlateNumber: "LEWISR261LL", State: "WA",
      PendingPenaltyTicketAmount: 90.25, ValidFromDate: 2017-08-21, ValidToDate: 2020-05-11,
      Owners: {
        PrimaryOwner: { PersonId: "BFJKdXhnLRT27sXBnojNGW" },
        SecondaryOwners: [{ PersonId: "CMVdR77XP8zAglmmFDGTvt" }]
      },
      City: "Everett"
    },
    metadata: {
      id: "JUJgkIcNbhS2goq8RqLuZ4", version: 3, txTime: 2019-09-16T19:37:05.344Z, txId: "FnQeJBAicTX0Ah32ZnVtSX"
    }
  }]
}`

/** The digest that covers blocks 0 to 123 of that ledger. */
export const DIGEST_A = '6m6BMXobbJKpMhahwVthAEsN6awgnHK62Qq5McGP1Gk='
export const TIP_A = 123

/** `aws qldb get-block … --digest-tip-address`: from block 100 to that digest. */
export const BLOCK_PROOF_A: readonly string[] = [
  'l3+EXs69K1+rehlqyWLkt+oHDlw4Zi9pCLW/t/mgTPM=',
  '48CXG3ehPqsxCYd34EEa8Fso0ORpWWAO8010RJKf3Do=',
  '9UnwnKSQT0i3ge1JMVa+tMIqCEDaOPTkWxmyHSn8UPQ=',
  '3nW6Vryghk+7pd6wFCtLufgPM6qXHyTNeCb1sCwcDaI=',
  'Irb5fNhBrNEQ1VPhzlnGT/ZQPadSmgfdtMYcwkNOxoI=',
  '+3CWpYG/ytf/vq9GidpzSx6JJiLXt1hMQWNnqOy3jfY=',
  'NPx6cRhwsiy5m9UEWS5JTJrZoUdO2jBOAAOmyZAT+qE=',
]

/** `aws qldb get-revision … --digest-tip-address`: from the revision in block 100 to that digest. */
export const REVISION_PROOF_A: readonly string[] = [
  'eRSwnmAM7WWANWDd5iGOyK+T4tDXyzUq6HZ/0fgLHos=',
  'VV1rdaNuf+yJZVGlmsM6gr2T52QvBO8Lg+KgpjcnWAU=',
  '7kewBXhpdbClcZKxhVmpoMHpUGOJtWQD0iY2LPfZkYA=',
  ...BLOCK_PROOF_A,
]

/** Block 3 of another ledger, from the AWS streams sample; its transaction info was not published. */
export const BLOCK_B = {
  entriesHashList: [
    'LmcGQjLlfScQQxbzaoglEpXpeN9bp7I/QUk690ncEpk=',
    'vJFOcsNRM14gsIBSEnwPhMVgRAWf/4EUW5gPYbtmDv0=',
    'KXJrG8t/KePERHasyztlv4kZPol4Q2buhWmy7iJrsiY=',
    'Lz3XWBwtWyBA/Lhj+UoLhbajPQ8Mk9N4j0HJlrm2OTg=',
  ],
  entriesHash: 'RNGQGcOKCGLCo5S+hs1eboanNrocIzRiqzzq1s99G/Q=',
  previousBlockHash: 'pV28aszpqJH9LOO9oMsACDmXfdzdEW7HYxzuQVIjSDU=',
  blockHash: 'lu425dAWsmvzxuNHTbn4ID4mLo0bWKkjLP2Uel4wrPQ=',
  metadata: {
    id: 'D35qd3e2prnJYmtKW6kok1',
    version: 0,
    txTime: '2019-12-11T07:20:51.245Z',
    txId: '0007KbqoyqAIch6XRbQ4iA',
  },
  data: `{FirstName:"Testing new 600",LastName:"Lewis",DOB:1963-08-19T,GovId:"LEWISR261LL",GovIdType:"Driver License",
    Address:"1719 University Street, Seattle, WA, 98109"}`,
} as const

/** A deletion, from the developer guide: the hash of its metadata alone. */
export const DELETION_C = {
  metadata: {
    id: 'IiPTRxLGJZa342zHFCFT15',
    version: 1,
    txTime: '2022-06-08T18:46:46.492Z',
    txId: '3gtB8Q8dfIMA8lQ5pzHAMo',
  },
  hash: 'ZVF/f1uSqd5DIMqzI04CCHaCGFK/J0Jf5AFzSEk0l90=',
} as const

/** Hashes of the developer guide's block of 2022. */
export const BLOCK_D = {
  entriesHashList: [
    'BUCXP6oYgmug2AfPZcAZup2lKolJNTbTuV5RA1VaFpo=',
    'cTIRkjuULzp/4KaUEsb/S7+TG8FvpFiZHT4tEJGcANc=',
    '3aktJSMyJ3C5StZv4WIJLu/w3D8mGtduZvP0ldKUaUM=',
    'GPKIJ1+o8mMZmPj/35ZQXoca2z64MVYMCwqs/g080IM=',
  ],
  entriesHash: 'buYYc5kV4rrRtJAsrIQnfnhgkzfQ8BKjI0C2vFnYQEw=',
  previousBlockHash: 'I1UKRIWUgkM1X6042kcoZ/eN1rn0uxhDTc08zw9kZ5I=',
  blockHash: 'QS5lJt8vRxT30L9OGL5oU1pxFTe+UlEwakYBCrvGQ4A=',
} as const

/** A community's proof of a revision in block 175 of a ledger of 177 blocks. */
export const PROOF_E = {
  leaf: 'OJo1hlmyVvRHP60jGkIeG44+TDEI0Wtnf+udRfwKFHg=',
  sequenceNo: 175,
  tip: 176,
  proof: [
    'kAQiHJo6G3r+l7O8nsHxz1x+NxvVV7JbU961OMVMFyM=',
    'poTwYxv3hKFziofD2u+SfvkPRUMXXcYOd4yj82wBhx4=',
    'm43BXjwJ8Kn9NyAGgai2A9S0/YCfAQfUBt6868mTqOY=',
    'm43BXjwJ8Kn9NyAGgai2A9S0/YCfAQfUBt6868mTqOY=',
    'd2vl/alHEi/4DDiQpSpCXWu9mFDUZyEqvlfGLDAG0dw=',
    'b6YqEUv7MMI3cF3cMF7lgBtikrPAhuF2kwVSUkW8Yh8=',
    '0L7AuMPEGEnmSPEsf5gHj5ryZ47vZZcDh9R9bm7RgvE=',
    'su0Jo/1rIhdHncfm7JRlz3Pv726oPZE4s8R8mvRLC5M=',
    'OBH12ldxb2NkK4M9Jw5JR4JFW5KeRhms9JDAfr4+WMM=',
    'LZgU0jltxUhzCisrM0kxg8FDjIpwCLrVHl0MYDUs9rE=',
  ],
  digest: 'jx1DMTXVkqdFaLdBHlpqG/13SLPlEKFcPlUrH/pWngE=',
} as const

/** Statements without parameters and the digests that QLDB printed for them. */
export const STATEMENT_DIGESTS: readonly (readonly [statement: string, digest: string])[] = [
  ['CREATE TABLE VehicleRegistration', '3jeSdejOgp6spJ8huZxDRUtp2fRXRqpOMtG43V0nXg8='],
  ['CREATE INDEX ON VehicleRegistration (VIN)', '099D+5ZWDgA7r+aWeNUrWhc8ebBTXjgscq+mZ2dVibI='],
  [
    "FROM VehicleRegistration AS r \nWHERE r.VIN = '1N4AL11D75C109151'\nINSERT INTO r.Owners.SecondaryOwners\n    VALUE { 'PersonId' : 'CMVdR77XP8zAglmmFDGTvt' }",
    'jcgPX2vsOJ0waum4qmDYtn1pCAT9xKNIzA+2k4R+mxA=',
  ],
]
