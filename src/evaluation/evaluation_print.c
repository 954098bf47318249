/* A certificate on paper, for its holder and those who issued it; the QR code leads to its check.
 */
#include "evaluation/evaluation_room.h"
#include "evaluation_html.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "web/show.h"

bool evaluation__may_print(struct ctx *ctx, const struct certificate *certificate)
{
    struct training_class class;
    if (!registry_permits(ctx, PERMISSION_CERTIFICATE_PRINT))
        return false;
    if (ctx->actor->person.v != 0 && ctx->actor->person.v == certificate->person.v)
        return true;
    return training_class_get(ctx, certificate->class, &class) &&
           (registry_actor_is_of(ctx, class.organisation) ||
            (class.evaluator.v != 0 && registry_actor_is_of(ctx, class.evaluator)) ||
            registry_actor_covers_region(ctx, class.region));
}

struct reply evaluation__show_print(struct ctx *ctx)
{
    struct certificate certificate;
    struct person person;
    if (!evaluation_certificate(ctx, request_part(ctx, "number"), &certificate) ||
        !evaluation__may_print(ctx, &certificate) ||
        !registry_person(ctx, certificate.person, &person))
        return reply_not_found(ctx);
    request_shows(ctx, person.id.v);
    struct taught taught = evaluation__taught(ctx, &certificate);
    struct certificate_print_model *model = arena_one(ctx->arena, struct certificate_print_model);
    *model = (struct certificate_print_model){
        .number = certificate.certificate_no,
        .holder = certificate.person_name,
        .identity_no = person.identity_no,
        .occupation = taught.occupation,
        .programme = taught.programme,
        .level = certificate.level,
        .issuer = certificate.issuer,
        .issued_on = certificate.issued_on,
        .state = certificate.state,
        .is_void = certificate.state != CERTIFICATE_STATE_VALID,
        .check_url = arena_printf(ctx->arena, "%s/certificate/%s", request_origin(ctx),
                                  certificate.certificate_no),
    };
    model->qr = show_qr(ctx, model->check_url, &model->qr_width);
    return page_certificate_print(ctx, model);
}
