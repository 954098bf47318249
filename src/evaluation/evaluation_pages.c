/* Recording results at the desk, checking a certificate in public. */
#include "base/text.h"
#include "evaluation/evaluation_room.h"
#include "evaluation_html.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "web/show.h"

static bool find_class(struct ctx *ctx, struct training_class *ret)
{
    training_class_id id;
    return request_id(ctx, "class", &id.v) && training_class_get(ctx, id, ret) &&
           (registry_actor_is_of(ctx, ret->organisation) ||
            registry_actor_is_of(ctx, ret->evaluator));
}

static struct reply show_results(struct ctx *ctx)
{
    struct training_class class;
    if (!find_class(ctx, &class))
        return reply_not_found(ctx);
    enum results_record may = evaluation_may_record(ctx, &class);
    if (may != RESULTS_RECORD_DONE)
        return reply_outcome(ctx, results_record_info(may), NULL);
    struct enrolment_list trainees = training_enrolments(ctx, class.id);
    struct attendance_list attendance = training_attendance(ctx, class.id);
    struct results_form_model *model = arena_one(ctx->arena, struct results_form_model);
    model->class = class.id;
    model->class_name = class.name;
    model->pass_mark = pack_parameter(ctx->pack, PARAMETER_PASS_MARK, class.starts_on);
    model->lines.count = trainees.count;
    model->lines.items = arena_array(ctx->arena, trainees.count, struct results_form_line);
    for (size_t i = 0; i < trainees.count; i++) {
        struct person person = {0};
        registry_person(ctx, trainees.items[i].person, &person);
        request_shows(ctx, person.id.v);
        int64_t hours = i < attendance.count ? attendance.items[i].lesson_hours : 0;
        model->lines.items[i] = (struct results_form_line){
            .enrolment = trainees.items[i].id,
            .name = person.name,
            .attended = hours,
            .is_enough = training_attended_enough(ctx, &class, hours),
        };
    }
    return page_results_form(ctx, model);
}

static int64_t score_of(struct ctx *ctx, enrolment_id enrolment)
{
    int64_t score;
    const char *text =
        request_form(ctx, arena_printf(ctx->arena, "score-%s", show_id(ctx, enrolment.v)));
    if (text_empty(text))
        return INT64_MIN;
    return text_integer(text, &score) ? score : -1;
}

static struct reply post_results(struct ctx *ctx)
{
    struct training_class class;
    if (!find_class(ctx, &class))
        return reply_not_found(ctx);
    struct enrolment_list trainees = training_enrolments(ctx, class.id);
    struct result_line *lines = arena_array(ctx->arena, trainees.count, struct result_line);
    for (size_t i = 0; i < trainees.count; i++)
        lines[i] = (struct result_line){trainees.items[i].id, score_of(ctx, trainees.items[i].id)};
    enum results_record outcome = evaluation_record(ctx, class.id, lines, trainees.count);
    const char *path = arena_printf(ctx->arena, "/desk/class/%s%s", show_id(ctx, class.id.v),
                                    outcome == RESULTS_RECORD_DONE ? "" : "/results");
    return reply_outcome(ctx, results_record_info(outcome), path);
}

struct taught evaluation__taught(struct ctx *ctx, const struct certificate *certificate)
{
    struct training_class class;
    if (certificate->occupation != NULL) {
        const struct pack_occupation *occupation =
            pack_occupation(ctx->pack, certificate->occupation);
        return (struct taught){.occupation = occupation == NULL
                                                 ? certificate->occupation
                                                 : pack_say(occupation->name, ctx->language)};
    }
    const struct pack_programme *programme = training_class_get(ctx, certificate->class, &class)
                                                 ? pack_programme(ctx->pack, class.programme)
                                                 : NULL;
    return (struct taught){.programme =
                               programme == NULL ? NULL : pack_say(programme->name, ctx->language)};
}

static struct reply check_reply(struct ctx *ctx, const char *number)
{
    struct certificate_check_model *model = arena_one(ctx->arena, struct certificate_check_model);
    struct certificate certificate;
    model->number = number;
    model->issued_on = DAY_NONE;
    model->is_asked = !text_empty(number);
    model->is_found = model->is_asked && evaluation_certificate(ctx, number, &certificate);
    if (model->is_found) {
        struct taught taught = evaluation__taught(ctx, &certificate);
        model->occupation = taught.occupation;
        model->programme = taught.programme;
        model->holder = mask_name(ctx->arena, certificate.person_name);
        model->level = certificate.level;
        model->issuer = certificate.issuer;
        model->issued_on = certificate.issued_on;
        model->state = certificate.state;
        model->may_print = evaluation__may_print(ctx, &certificate);
    }
    return reply_page(&certificate_check_page, model,
                      model->is_asked && !model->is_found ? 404 : 200);
}

static struct reply show_check(struct ctx *ctx)
{
    const char *number = request_query(ctx, "no");
    return check_reply(ctx, number == NULL ? "" : text_compact(ctx->arena, number));
}

static struct reply show_certificate(struct ctx *ctx)
{
    return check_reply(ctx, request_part(ctx, "number"));
}

const struct route evaluation_routes[] = {
    {GET, "/desk/class/:class/results", PERMISSION_RESULTS_RECORD, .handle = show_results,
     .shows = "person"},
    {POST, "/desk/class/:class/results", PERMISSION_RESULTS_RECORD, .handle = post_results},
    {GET, "/desk/certificates", PERMISSION_CERTIFICATE_VIEW, .handle = evaluation__list,
     .shows = "person"},
    {GET, "/certificate", PERMISSION_PUBLIC, .handle = show_check},
    {GET, "/certificate/:number", PERMISSION_PUBLIC, .handle = show_certificate},
    {GET, "/certificate/:number/print", PERMISSION_CERTIFICATE_PRINT,
     .handle = evaluation__show_print, .shows = "person"},
    {0},
};
