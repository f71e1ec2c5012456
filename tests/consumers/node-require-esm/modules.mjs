export * as pangulm from "pangulm";
export * as signer from "pangulm/signer";
