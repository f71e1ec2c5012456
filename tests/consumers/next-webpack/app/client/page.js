"use client";

import { useEffect } from "react";

/** A client component. */
export default function Page() {
  useEffect(() => {
    import("../../support/page.js");
  }, []);
}
