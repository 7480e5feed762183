import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server's policy allows nothing inline, so nothing is inlined: no data: URL, no module preload script.
export default defineConfig({
    plugins: [react()],
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: true, reportCompressedSize: false, chunkSizeWarningLimit: 700 },
    server: { host: '127.0.0.1', port: Number(process.env.THREATLAS_WEB_PORT ?? 5173), proxy: { '/api': { target: process.env.THREATLAS_API ?? 'http://127.0.0.1:8090' } } },
});
