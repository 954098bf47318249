/* `dianji pack check`: a pack's faults as one JSON document, or as lines. */
#include "base/arena.h"
#include "base/text.h"
#include "policy/policy.h"

static void add_fault(const struct pack_check_args *args, const struct pack_fault *fault,
                      struct buffer *buffer)
{
    buffer_add(buffer, "{\"file\":");
    buffer_add_json(buffer, fault->file);
    buffer_printf(buffer, ",\"line\":%d,\"column\":%d,\"code\":", fault->line, fault->column);
    buffer_add_json(buffer, fault->message.key);
    buffer_add(buffer, ",\"message\":");
    buffer_add_json(buffer, args->phrase(args->context, &fault->message));
    buffer_add(buffer, "}");
}

bool policy_check(const struct pack_check_args *args, struct buffer *buffer)
{
    const struct pack *pack;
    struct pack_faults faults;
    bool is_whole = pack_load(args->arena, args->dir, &pack, &faults);
    buffer_add(buffer, is_whole ? "{\"ok\":true,\"pack\":" : "{\"ok\":false");
    if (is_whole) {
        buffer_add_json(buffer, pack->id);
        buffer_add(buffer, ",\"version\":");
        buffer_add_json(buffer, pack->version);
    }
    buffer_add(buffer, ",\"faults\":[");
    for (size_t i = 0; i < faults.count; i++) {
        buffer_add(buffer, i == 0 ? "" : ",");
        add_fault(args, &faults.items[i], buffer);
    }
    buffer_add(buffer, faults.has_more ? "],\"more\":true}\n" : "]}\n");
    return is_whole;
}

bool policy_check_text(const struct pack_check_args *args, struct buffer *buffer)
{
    const struct pack *pack;
    struct pack_faults faults;
    bool is_whole = pack_load(args->arena, args->dir, &pack, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        const struct pack_fault *fault = &faults.items[i];
        buffer_printf(buffer, "%s:%d:%d: %s\n", fault->file, fault->line, fault->column,
                      args->phrase(args->context, &fault->message));
    }
    if (is_whole)
        buffer_printf(buffer, "%s %s\n", pack->id, pack->version);
    else if (faults.has_more)
        buffer_add(buffer, "…\n");
    return is_whole;
}
