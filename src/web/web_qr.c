/* QR codes, as the path of an SVG picture. */
#include <qrencode.h>

#include "web/show.h"

enum { QUIET_ZONE = 4 }; /* squares that stay light around it: ISO/IEC 18004 */

static void free_code(void *code)
{
    QRcode_free(code);
}

/* How many squares from (x, y) on to the right are dark. */
static int dark_run(const QRcode *code, int x, int y)
{
    int end = x;
    while (end < code->width && (code->data[y * code->width + end] & 1) != 0)
        end++;
    return end - x;
}

/* Each row's runs of dark squares are one rectangle. */
static void draw_row(struct buffer *path, const QRcode *code, int y)
{
    for (int x = 0; x < code->width; x++) {
        int run = dark_run(code, x, y);
        if (run > 0)
            buffer_printf(path, "M%d %dh%dv1h-%dz", x, y, run, run);
        x += run; /* and the light one after it */
    }
}

const char *show_qr(struct ctx *ctx, const char *text, int64_t *ret_width)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, /* casesensitive= */ 1);
    struct buffer path = buffer_new(ctx->arena, 4096);
    *ret_width = 0;
    if (code == NULL)
        return "";
    arena_defer(ctx->arena, free_code, code);
    *ret_width = code->width + 2 * QUIET_ZONE;
    for (int y = 0; y < code->width; y++)
        draw_row(&path, code, y);
    arena_close(ctx->arena, code);
    return path.bytes;
}
