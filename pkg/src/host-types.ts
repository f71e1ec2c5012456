/**
 * Types of the runtime that the package's own types name. They come from TypeScript's library of the
 * DOM, which a program for Node need not have: there they are any object.
 */

/** A `CryptoKey`. */
export type SigningKey = typeof globalThis extends { CryptoKey: { prototype: infer Key } } ? Key : object;

/** A `WebAssembly.Module`. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;
