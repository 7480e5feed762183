import qrcode from 'qrcode-generator';

// Drawn here: what it holds is a secret, and leaves the page to nobody.
export function QrCode({ text, label }: { text: string; label: string }) {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const n = code.getModuleCount();
    let path = '';
    for (let y = 0; y < n; ++y) for (let x = 0; x < n; ++x) if (code.isDark(y, x)) path += `M${x} ${y}h1v1h-1z`;
    return <svg className="qr" viewBox={`0 0 ${n} ${n}`} role="img" aria-label={label} shapeRendering="crispEdges"><path d={path} fill="#000" /></svg>;
}
