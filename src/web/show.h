/* How values look to people and in JSON; called by the generated pages only. */
#ifndef DIANJI_WEB_SHOW_H
#define DIANJI_WEB_SHOW_H

#include "base/ctx.h"
#include "base/money.h"
#include "base/text.h"
#include "web/web.h"

const char *show_text(const char *text);                  /* NULL as "" */
const char *show_integer(struct ctx *ctx, int64_t value); /* 1,234,567; INT64_MIN as "" */
const char *show_integer_plain(struct ctx *ctx, int64_t value);
const char *show_fen(struct ctx *ctx, struct fen amount); /* 1,234.50 */
const char *show_fen_plain(struct ctx *ctx, struct fen amount);
bool show_fen_is_none(struct fen amount);
const char *show_day(struct ctx *ctx, struct day day);
const char *show_instant(struct ctx *ctx, struct instant instant); /* 2025-03-07 09:30 */
const char *show_id(struct ctx *ctx, int64_t id);
const char *show_bool(struct ctx *ctx, bool value);
/* The words of an enum's value: key "<name>.<code>". */
const char *show_enum(struct ctx *ctx, const char *name, const char *code);
/* Words that a page names; the linker knows them by their key. */
struct word;
void show_word(struct buffer *out, const struct ctx *ctx, const struct word *word);
/* The words of prefix + rest. */
const char *show_words(struct ctx *ctx, const char *prefix, const char *rest);
/* An address of this site, of another one (http or https); what is neither leads home. */
const char *show_path(const char *path);
const char *show_url(const char *url);
void show_csrf(struct buffer *out, struct ctx *ctx);
/*
 * The text's QR code, as the path of an SVG whose view box begins at -4 -4 and is *ret_width wide
 * and high, the light border included; "" and 0 where the text does not fit.
 */
const char *show_qr(struct ctx *ctx, const char *text, int64_t *ret_width);

void json_text(struct buffer *out, const char *text); /* NULL as null */
void json_integer(struct buffer *out, int64_t value);
void json_fen(struct buffer *out, struct fen amount);
void json_id(struct buffer *out, int64_t id);
const char *show_day_or_null(struct ctx *ctx, struct day day);
const char *show_instant_or_null(struct ctx *ctx, struct instant instant);

#endif
