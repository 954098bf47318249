/* A trainee's number, phone or account, shown whole for a reason: to those who run the class, and
 * to the county that reviews it. */
#include "audit/audit.h"
#include "registry/registry.h"
#include "training/training_room.h"
#include "training_sql.h"
#include "web/show.h"

bool training__may_reveal(const struct ctx *ctx, const struct training_class *class)
{
    return registry_permits(ctx, PERMISSION_TRAINEE_REVEAL) &&
           (registry_actor_is_of(ctx, class->organisation) ||
            registry_actor_covers_region(ctx, class->region));
}

static bool find_trainee(struct ctx *ctx, struct audit_revealing *ret)
{
    enrolment_id id;
    struct enrolment enrolment;
    struct training_class class;
    if (!request_id(ctx, "enrolment", &id.v) || !training_enrolment(ctx, id, &enrolment) ||
        !sql_class_by_id(ctx, enrolment.class, &class) || !training__may_reveal(ctx, &class))
        return false;
    *ret = (struct audit_revealing){
        .person = enrolment.person,
        .form_path = arena_printf(ctx->arena, "/desk/enrolment/%s/reveal", show_id(ctx, id.v)),
        .back_path = arena_printf(ctx->arena, "/desk/class/%s", show_id(ctx, class.id.v)),
    };
    return true;
}

struct reply training__show_reveal(struct ctx *ctx)
{
    struct audit_revealing revealing;
    return find_trainee(ctx, &revealing) ? audit_reveal_form(ctx, &revealing)
                                         : reply_not_found(ctx);
}

struct reply training__post_reveal(struct ctx *ctx)
{
    struct audit_revealing revealing;
    return find_trainee(ctx, &revealing) ? audit_reveal(ctx, &revealing) : reply_not_found(ctx);
}
