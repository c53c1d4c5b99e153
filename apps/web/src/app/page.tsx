'use client';
import { useState } from 'react';
import { methodsSchema, errorTable } from '#contracts';
import { ThemeProvider } from 'next-themes';
export default function Page() {
  const [n, setN] = useState(0);
  return <ThemeProvider attribute="class"><button className="p-4" onClick={() => setN(n + 1)}>{n} {methodsSchema.safeParse({methods:[],tenant:null}).success ? 'ok':'no'} {errorTable.forbidden.title}</button></ThemeProvider>;
}
