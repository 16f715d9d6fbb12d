// What HubSpot's worker gives an extension: `self`, and a fetch that HubSpot makes and signs.
globalThis.self = globalThis
globalThis.hsFetch = () => Promise.reject(new Error('no test answers'))
globalThis.extend_V2 = () => undefined
