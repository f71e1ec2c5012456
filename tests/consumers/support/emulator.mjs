/** What the emulator, which `cargo xtask consumers` has started, says of itself. */
export const info = JSON.parse(process.env.PANGULM_EMULATOR_INFO);

/** Says how many bytes a user of this consumer loads, for the table. */
export function tellSize(bytes) {
  console.log(`consumer-size ${bytes}`);
}
