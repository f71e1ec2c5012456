import { unpacked } from "./unpacked.js";
import { compile } from "./wasm.js";

/** A module that holds a wasm file. */
type Inlined = { packed: string };

/**
 * Compiles a wasm file from its address or, where that gives none, out of the module that holds it.
 *
 * esbuild and plain Rollup do not copy the file, and Vite's development server up to version 7 answers
 * with a page in its place.
 */
export async function healing(url: URL, inlined: () => Promise<Inlined>): Promise<WebAssembly.Module> {
  try {
    return await compile(url);
  } catch (error) {
    try {
      const { packed } = await inlined();
      return await compile(await unpacked(packed));
    } catch {
      // What failed first says what is wrong: offline, or with wasm forbidden, both fail.
      throw error;
    }
  }
}
