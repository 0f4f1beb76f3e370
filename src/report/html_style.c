/* The style sheet of the HTML page, and its hash for the content security policy. */
#include <openssl/evp.h>
#include <string.h>

#include "base/mem.h"
#include "html_priv.h"

/* Contrast of text is 4.5:1 or better in both schemes; tests/integration/test_formats.sh holds it. */
static const char *const parts[] = {
	/* clang-format off */
    /* Colours, of the light scheme and the dark one. */
    ":root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--line:#d9dfe6;--soft:#eef1f5;"
    "--text:#18212c;--dim:#556070;--link:#0b57b0;"
    "--pass:#0a6a3a;--pass-bg:#e2f4ea;--warn:#7a4a00;--warn-bg:#fcefd2;--fail:#a5141b;"
    "--fail-bg:#fde7e7;--temperror:#4d3d97;--temperror-bg:#ebe8fa;--info:#3f5166;--info-bg:#e8edf3;"
    "--bar-pass:#2f9e63;--bar-warn:#d48806;--bar-fail:#d2232a;--bar-temperror:#7a68cf}\n"
    "@media (prefers-color-scheme:dark){:root{--page:#0f141a;--card:#171e27;--line:#2c3744;"
    "--soft:#1f2833;--text:#e7ecf2;--dim:#a3b1c1;--link:#8ab8ff;"
    "--pass:#86dfab;--pass-bg:#12341f;--warn:#f4c56a;--warn-bg:#3a2a08;--fail:#ff9f9f;"
    "--fail-bg:#441519;--temperror:#c3b8ff;--temperror-bg:#2a2450;--info:#b9c6d5;--info-bg:#253140;"
    "--bar-pass:#3fb574;--bar-warn:#e0a12b;--bar-fail:#f0555b;--bar-temperror:#9484e6}}\n",
    /* The page and its type. */
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"
    "'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','DejaVu Sans',sans-serif}\n"
    "a{color:var(--link);text-underline-offset:.15em}\n"
    ":focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}\n"
    ".jump{position:absolute;left:-999rem}\n"
    ".jump:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}\n"
    "header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}\n"
    "header{padding-top:2.25rem}\n"
    "h1{font-size:1.9rem;line-height:1.2;margin:.15rem 0 .35rem;letter-spacing:-.015em}\n"
    "h2{font-size:1.3rem;line-height:1.3;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}\n"
    "h3{font-size:1rem;margin:1.75rem 0 .6rem}\n"
    "p{margin:.4rem 0}\n"
    ".brand{font-weight:700;color:var(--dim);font-size:.85rem;letter-spacing:.09em;"
    "text-transform:uppercase;margin:0}\n"
    ".dim{color:var(--dim)}\n"
    ".small{font-size:.875rem}\n"
    ".lead{font-size:1.1rem;margin:.75rem 0 0;overflow-wrap:anywhere}\n",
    /* Cards, badges and tiles. */
    ".card{background:var(--card);border:1px solid var(--line);border-radius:12px;"
    "padding:1.4rem 1.5rem;margin:1.5rem 0}\n"
    ".server{border-top-width:5px}\n"
    ".server.pass{border-top-color:var(--bar-pass)}.server.warn{border-top-color:var(--bar-warn)}"
    ".server.fail,.server.permerror{border-top-color:var(--bar-fail)}"
    ".server.temperror{border-top-color:var(--bar-temperror)}\n"
    ".title{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;"
    "justify-content:space-between}\n"
    ".badge{display:inline-flex;align-items:center;gap:.4em;padding:.12em .65em .12em .5em;"
    "border-radius:999px;font-weight:650;font-size:.85rem;line-height:1.5;white-space:nowrap}\n"
    ".title .badge{font-size:1rem}\n"
    ".badge svg,.tile svg{width:1em;height:1em;flex:none;fill:none;stroke:currentColor;"
    "stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}\n"
    ".badge.pass,.tile.pass{background:var(--pass-bg);color:var(--pass)}\n"
    ".badge.warn,.tile.warn{background:var(--warn-bg);color:var(--warn)}\n"
    ".badge.fail,.badge.permerror,.tile.fail{background:var(--fail-bg);color:var(--fail)}\n"
    ".badge.temperror,.tile.temperror{background:var(--temperror-bg);color:var(--temperror)}\n"
    ".badge.info,.badge.skip{background:var(--info-bg);color:var(--info)}\n"
    ".tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem;list-style:none;"
    "margin:1.1rem 0 0;padding:0}\n"
    ".tile{border-radius:10px;padding:.8rem 1rem;display:flex;flex-direction:column}\n"
    ".tile b{font-size:1.9rem;line-height:1.15;font-variant-numeric:tabular-nums}\n"
    ".tile span{display:flex;align-items:center;gap:.4em;font-weight:600;font-size:.9rem}\n"
    ".tile.none{background:var(--soft);color:var(--dim)}\n",
    /* Tables, facts and remedies. */
    "table{width:100%;border-collapse:collapse;font-size:.95rem}\n"
    "caption{text-align:left;color:var(--dim);font-size:.875rem;padding:0 0 .5rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.55rem .75rem .55rem 0;"
    "border-top:1px solid var(--line);overflow-wrap:anywhere}\n"
    "th:last-child,td:last-child{padding-right:0}\n"
    "thead th{color:var(--dim);font-weight:600;font-size:.8rem;border-top:0;padding:.2rem .75rem .4rem 0}\n"
    "tbody th{font-weight:600}tbody th .dim{font-weight:400}\n"
    "td.tight{width:1%;white-space:nowrap;padding-right:1rem}\n"
    "td p{margin:.1rem 0}\n"
    "code,pre{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "font-size:.85em}\n"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);border-radius:8px;"
    "padding:.7rem .9rem;margin:.5rem 0}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.85rem 1.5rem;"
    "margin:1.2rem 0 0}\n"
    "dt{color:var(--dim);font-size:.8rem;font-weight:600}\n"
    "dd{margin:0;overflow-wrap:anywhere}\n"
    ".todo{background:var(--soft);border-radius:10px;padding:1rem 1.25rem;margin-top:1.4rem}\n"
    ".todo h3{margin:0 0 .5rem}\n"
    ".todo ol{margin:0;padding-left:1.4rem}\n"
    ".todo li{margin:.65rem 0;overflow-wrap:anywhere}\n"
    ".todo li::marker{font-weight:700}\n"
    ".todo pre{background:var(--card);border:1px solid var(--line)}\n"
    "td.wide code{white-space:nowrap}\n"
    "details{margin:.35rem 0}\n"
    "summary{cursor:pointer;color:var(--link);width:fit-content;max-width:100%}\n"
    "details.more{margin-top:.9rem}\n",
    /* Strips of time. */
    "figure{margin:.4rem 0 0}\n"
    "figcaption{color:var(--dim);font-size:.875rem;margin-top:.5rem}\n"
    ".strip{display:block;width:100%;height:2.75rem;background:var(--soft);border-radius:6px}\n"
    ".strip.low{height:1rem;border-radius:4px;margin-top:.3rem}\n"
    "rect.pass{fill:var(--bar-pass)}rect.warn{fill:var(--bar-warn)}"
    "rect.fail,rect.permerror{fill:var(--bar-fail)}rect.temperror{fill:var(--bar-temperror)}"
    "rect.info,rect.skip{fill:var(--dim)}\n"
    ".axis{display:flex;justify-content:space-between;color:var(--dim);font-size:.8rem;"
    "margin-top:.25rem;font-variant-numeric:tabular-nums}\n"
    ".nums{font-variant-numeric:tabular-nums}\n"
    "td.half{width:52%}td.runs{width:34%}\n"
    ".name{font-weight:600}\n"
    "strong.fail{color:var(--fail)}strong.warn{color:var(--warn)}\n"
    ".symbols{position:absolute;width:0;height:0}\n"
    "footer dl{margin:.6rem 0 1.2rem}footer dd{margin-top:.15rem}\n"
    "footer{padding-top:.5rem;padding-bottom:3rem;color:var(--dim);font-size:.875rem}\n",
    /* Narrow screens, and paper. */
    "@media (max-width:44rem){header{padding-top:1.5rem}dl{grid-template-columns:repeat(auto-fit,"
    "minmax(8.5rem,1fr))}.tiles{grid-template-columns:repeat(2,1fr)}"
    ".card{padding:1.1rem 1rem;margin:1rem 0}header,main,footer{padding-left:.85rem;"
    "padding-right:.85rem}h1{font-size:1.55rem}.wide{display:none}.axis .wide{display:inline}}\n"
    "@media (max-width:30rem){.axis .wide{display:none}}\n"
    "@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--line:#c9d0d8;--soft:#f2f4f7;"
    "--text:#000;--dim:#454f5c;--link:#0b57b0;"
    "--pass:#0a6a3a;--pass-bg:#e2f4ea;--warn:#7a4a00;--warn-bg:#fcefd2;--fail:#a5141b;"
    "--fail-bg:#fde7e7;--temperror:#4d3d97;--temperror-bg:#ebe8fa;--info:#3f5166;--info-bg:#e8edf3;"
    "--bar-pass:#2f9e63;--bar-warn:#d48806;--bar-fail:#d2232a;--bar-temperror:#7a68cf}"
    "@page{margin:16mm 14mm}html{font-size:9.5pt}.same{display:none}body{print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}header,main,footer{max-width:none;padding-left:0;"
    "padding-right:0}header{padding-top:0}.jump{display:none}"
    ".card{margin:1rem 0;padding:1rem}h2,h3,caption,summary{break-after:avoid}"
    "tr,li,figure,.tile,.todo li,dl{break-inside:avoid}"
    "details::details-content{content-visibility:visible;display:block;height:auto}"
    "details.more>summary{color:var(--dim)}}\n",
	/* clang-format on */
};

const char *
html_style(struct arena *a)
{
	const char *style = "";

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		style = arena_printf(a, "%s%s", style, parts[i]);
	return style;
}

const char *
html_style_hash(const char *style, struct arena *a)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	unsigned char text[EVP_MAX_MD_SIZE * 2];

	if (EVP_Digest(style, strlen(style), hash, &len, EVP_sha256(), NULL) != 1)
		mem_ran_out();
	EVP_EncodeBlock(text, hash, (int)len);
	return arena_printf(a, "sha256-%s", (const char *)text);
}
