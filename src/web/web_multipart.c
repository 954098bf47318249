/*
 * multipart/form-data (RFC 7578): the form with its files, as browsers send it. One pass over a
 * body that is whole in memory; files are not copied, they point into it. Strict where browsers
 * agree, as what differs from them is an attack or a fault of a program, and refused whole.
 */
#include <string.h>
#include <strings.h>

#include "web/web_room.h"

enum {
    BOUNDARY_MAX = 70, /* RFC 2046 */
    HEAD_MAX = 4096,   /* the header lines of one part */
};

static struct bytes between(const char *from, const char *to)
{
    return (struct bytes){from, (size_t)(to - from)};
}

static const char *find(struct bytes in, const char *wanted)
{
    return memmem(in.data, in.length, wanted, strlen(wanted));
}

/* The boundary of the Content-Type, as the mark before each part, or NULL. */
static const char *read_mark(struct ctx *ctx, const char *content_type)
{
    const char *at = content_type;
    while ((at = strchr(at, ';')) != NULL) {
        at++;
        at += strspn(at, " \t");
        if (strncasecmp(at, "boundary=", strlen("boundary=")) != 0)
            continue;
        at += strlen("boundary=");
        bool is_quoted = *at == '"';
        at += is_quoted;
        size_t length = strcspn(at, is_quoted ? "\"" : "; \t");
        if (length == 0 || length > BOUNDARY_MAX)
            return NULL;
        return arena_printf(ctx->arena, "\r\n--%.*s", (int)length, at);
    }
    return NULL;
}

/* The line of a part's head that begins with `name`, in any case; its rest, or NULL. */
static const char *head_line(struct bytes head, const char *name, size_t *ret_length)
{
    const char *at = head.data, *end = at + head.length;
    while (at < end) {
        const char *stop = find(between(at, end), "\r\n");
        stop = stop == NULL ? end : stop;
        size_t length = strlen(name);
        if ((size_t)(stop - at) > length && strncasecmp(at, name, length) == 0) {
            *ret_length = (size_t)(stop - at) - length;
            return at + length;
        }
        at = stop + 2;
    }
    return NULL;
}

/*
 * The value of name="…" in a Content-Disposition line, NULL where there is none. Browsers write a
 * quotation mark inside as %22 and leave everything else as it is.
 */
static const char *parameter(struct ctx *ctx, struct bytes line, const char *name)
{
    const char *at = line.data, *end = at + line.length;
    while ((at = memchr(at, ';', (size_t)(end - at))) != NULL) {
        at++;
        while (at < end && *at == ' ')
            at++;
        const char *equals = memchr(at, '=', (size_t)(end - at));
        if (equals == NULL || end - equals < 2 || equals[1] != '"')
            return NULL;
        const char *stop = memchr(equals + 2, '"', (size_t)(end - equals - 2));
        if (stop == NULL)
            return NULL;
        bool is_it = (size_t)(equals - at) == strlen(name) &&
                     strncasecmp(at, name, (size_t)(equals - at)) == 0;
        if (is_it)
            return arena_text_n(ctx->arena, equals + 2, (size_t)(stop - equals - 2));
        at = stop + 1;
    }
    return NULL;
}

/* The name of a file without the folders that some browsers send. */
static const char *plain_file_name(struct ctx *ctx, const char *name)
{
    const char *plain = name;
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            plain = at + 1;
    return text_clean(ctx->arena, plain);
}

static bool add_file(struct ctx *ctx, struct request *request, struct upload_part part)
{
    const char *file_name = part.upload.file_name;
    if (!text_valid(file_name, strlen(file_name)))
        return false;
    if (*file_name == '\0' && part.upload.length == 0)
        return true; /* a file input that was left empty */
    if (request->upload_count == WEB_UPLOADS_MAX)
        return false;
    part.upload.file_name = plain_file_name(ctx, file_name);
    request->uploads[request->upload_count++] = part;
    return true;
}

static bool add_part(struct ctx *ctx, struct request *request, struct bytes head, struct bytes body)
{
    size_t length;
    const char *line = head_line(head, "Content-Disposition:", &length);
    if (line == NULL || memchr(head.data, '\0', head.length) != NULL)
        return false;
    struct bytes disposition = {line, length};
    const char *name = parameter(ctx, disposition, "name");
    const char *file_name = parameter(ctx, disposition, "filename");
    if (text_empty(name) || !text_valid(name, strlen(name)))
        return false;
    if (file_name == NULL)
        return pairs_add(ctx, &request->form, name, body);
    return add_file(ctx, request, (struct upload_part){name, {file_name, body.data, body.length}});
}

/* The parts up to the closing boundary; `rest` begins behind the first one. */
static bool read_parts(struct ctx *ctx, struct request *request, struct bytes rest,
                       const char *mark)
{
    const char *at = rest.data, *end = at + rest.length;
    while (end - at >= 2 && memcmp(at, "\r\n", 2) == 0) {
        at += 2;
        struct bytes window = between(at, end);
        window.length = window.length > HEAD_MAX ? HEAD_MAX : window.length;
        const char *body = find(window, "\r\n\r\n");
        if (body == NULL)
            return false;
        struct bytes head = between(at, body);
        body += 4;
        /* The line's end before a boundary may be the one that ends the head of an empty part. */
        const char *next = find(between(body - 2, end), mark);
        if (next == NULL)
            return false;
        if (!add_part(ctx, request, head, next < body ? between(body, body) : between(body, next)))
            return false;
        at = next + strlen(mark);
    }
    return end - at >= 2 && memcmp(at, "--", 2) == 0;
}

bool multipart_read(struct ctx *ctx, struct request *request, const char *bytes, size_t length)
{
    const char *mark = read_mark(ctx, request->content_type);
    size_t mark_length = mark == NULL ? 0 : strlen(mark) - 2; /* the first has no line before it */
    if (mark == NULL || length < mark_length || memcmp(bytes, mark + 2, mark_length) != 0)
        return false;
    return read_parts(ctx, request, between(bytes + mark_length, bytes + length), mark);
}
