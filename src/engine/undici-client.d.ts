/**
 * undici's `Client` from its own file. The package's main module also loads
 * fetch, WebSocket, caches and mocks, which an exec never uses; this file
 * alone loads in about a third of the time.
 */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici'
  export = Client
}
