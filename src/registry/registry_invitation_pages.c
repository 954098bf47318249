/* Inviting, the invited person's own password, and the people of the head's organisation. */
#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

struct reply registry__invited(struct ctx *ctx, const struct outcome_info *info,
                               const struct invited *invited)
{
    struct invitation_page_model *model = arena_one(ctx->arena, struct invitation_page_model);
    int64_t days = pack_parameter(ctx->pack, PARAMETER_INITIAL_PASSWORD_DAYS, ctx->today);
    *model = (struct invitation_page_model){.note = words(ctx, info->code),
                                            .name = invited->name,
                                            .login = invited->login,
                                            .invitation_code = invited->code,
                                            .days = days,
                                            .back_path = invited->back_path};
    return reply_page(&invitation_page_page, model, info->status);
}

/* --- activation */

struct opening {
    struct activation_form values;
    struct field_faults faults;
    bool is_complete;
    struct activation activation;
};

static bool look(struct ctx *ctx, void *argument)
{
    registry__activation_look(ctx, &((struct opening *)argument)->activation);
    return true;
}

void registry__prepare_activation(struct ctx *ctx)
{
    struct opening *opening = arena_one(ctx->arena, struct opening);
    request_keep(ctx, opening);
    opening->is_complete = entity_read(ctx, &activation_form_entity, form_source, NULL, NULL,
                                       &opening->values, &opening->faults);
    if (opening->is_complete &&
        !text_equal(opening->values.new_password, opening->values.repeated)) {
        opening->faults.items[opening->faults.count++] =
            (struct field_fault){.field = entity_field(&activation_form_entity, "repeated"),
                                 .code = "password",
                                 .message = {.key = "registry.repeated_differs"},
                                 .given = ""};
        opening->is_complete = false;
    }
    if (!opening->is_complete)
        return;
    opening->activation = (struct activation){.code = opening->values.invitation_code,
                                              .password = opening->values.new_password,
                                              .address = request_address(ctx)};
    if (!request_read(ctx, look, opening))
        opening->activation.is_locked = true;
    registry__activation_weigh(ctx, &opening->activation);
}

static struct reply activation_reply(struct ctx *ctx, const struct field_faults *faults,
                                     const char *problem, int status)
{
    struct activation_page_model *model = arena_one(ctx->arena, struct activation_page_model);
    *model = (struct activation_page_model){.problem = problem,
                                            .form = {.entity = &activation_form_entity,
                                                     .faults = faults,
                                                     .is_echo = request_is_post(ctx)}};
    return reply_page(&activation_page_page, model, status);
}

struct reply registry__show_activation(struct ctx *ctx)
{
    return activation_reply(ctx, NULL, NULL, 200);
}

struct reply registry__post_activation(struct ctx *ctx)
{
    const struct opening *opening = request_kept(ctx);
    if (!opening->is_complete)
        return activation_reply(ctx, &opening->faults, NULL, 422);
    enum invitation_accept answer = registry__activate(ctx, &opening->activation);
    const struct outcome_info *info = answer == INVITATION_ACCEPT_PASSWORD
                                          ? password_change_info(opening->activation.fault)
                                          : invitation_accept_info(answer);
    const struct argument minutes = {"minutes", show_integer(ctx, REGISTRY_LOCKED_MINUTES)};
    struct reply reply = reply_outcome_with(ctx, info, "/sign-in", &minutes, 1);
    if (answer != INVITATION_ACCEPT_DONE && !request_wants_json(ctx))
        reply = activation_reply(ctx, NULL, words_with(ctx, &reply.message), reply.status);
    reply.commits = true; /* a wrong code is counted */
    return reply;
}

/* --- the people of an organisation */

static const char STAFF_PATH[] = "/desk/staff";

static struct reply staff_reply(struct ctx *ctx, const struct field_faults *faults,
                                const char *problem, int status)
{
    struct staff_page_model *model = arena_one(ctx->arena, struct staff_page_model);
    struct staff_post_list staff = sql_staff_of(ctx, ctx->actor->organisation);
    *model = (struct staff_page_model){.organisation_name = ctx->actor->organisation_name,
                                       .problem = problem,
                                       .form = {.entity = &staff_form_entity,
                                                .faults = faults,
                                                .lists = registry_lists,
                                                .is_echo = request_is_post(ctx)}};
    model->staff.count = staff.count;
    model->staff.items = arena_array(ctx->arena, staff.count, struct staff_page_member);
    for (size_t i = 0; i < staff.count; i++) {
        const struct staff_post *post = &staff.items[i];
        bool is_own = post->account.v == ctx->actor->account.v;
        model->staff.items[i] = (struct staff_page_member){
            .post = post->id,
            .name = post->name,
            .login = post->login,
            .role = post->role,
            .began_at = post->began_at,
            .signed_in_at = post->signed_in_at,
            .may_end = !is_own && registry__heads(ctx, post->role, ctx->actor->organisation),
        };
    }
    return reply_page(&staff_page_page, model, status);
}

struct reply registry__show_staff(struct ctx *ctx)
{
    return staff_reply(ctx, NULL, NULL, 200);
}

/* Whom a teacher's form names; an unknown one, or one of another name, is refused by the rule. */
static person_id named_person(struct ctx *ctx, const struct staff_form *form)
{
    struct person person;
    if (form->identity_no == NULL)
        return (person_id){0};
    bool is_known = registry_person_by_number(ctx, form->identity_no, &person) &&
                    registry_is_name_of(ctx, &person, form->name);
    return is_known ? person.id : (person_id){INT64_MAX};
}

/* The account with its post: both or none. */
static const struct outcome_info *add_member(struct ctx *ctx, const struct staff_form *form,
                                             account_id *ret)
{
    post_id post;
    struct post_args rights = {.organisation = ctx->actor->organisation};
    struct account_args args = {.login = form->login,
                                .password_hash = registry__nobodys_hash,
                                .is_password_initial = true,
                                .name = form->name,
                                .person = named_person(ctx, form)};
    enum account_add added = registry_account_add(ctx, &args, ret);
    if (added == ACCOUNT_ADD_PERSON_HAS_ACCOUNT)
        added = registry_account_join(ctx, args.person, form->login, ret);
    if (added != ACCOUNT_ADD_DONE && added != ACCOUNT_ADD_JOINED)
        return account_add_info(added);
    rights.account = *ret;
    if (!role_parse(form->role, &rights.role))
        rights.role = ROLE_NONE; /* cannot be: the form's list has roles only */
    enum post_add answer = registry_post_add(ctx, &rights, &post);
    return answer == POST_ADD_DONE ? account_add_info(added) : post_add_info(answer);
}

struct reply registry__post_staff(struct ctx *ctx)
{
    struct staff_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    account_id id;
    if (!entity_read(ctx, &staff_form_entity, form_source, NULL, registry_lists, &form, faults))
        return staff_reply(ctx, faults, NULL, 422);
    const struct outcome_info *info = add_member(ctx, &form, &id);
    if (info == account_add_info(ACCOUNT_ADD_JOINED))
        return reply_outcome(ctx, info, STAFF_PATH);
    if (info->status < 400)
        return registry__invited(ctx, info,
                                 &(struct invited){.name = form.name,
                                                   .login = registry__login(ctx, form.login),
                                                   .code = registry__invite(ctx, id),
                                                   .back_path = STAFF_PATH});
    if (request_wants_json(ctx))
        return reply_outcome(ctx, info, NULL);
    return staff_reply(ctx, NULL, words(ctx, info->code), info->status);
}

struct reply registry__post_staff_end(struct ctx *ctx)
{
    struct staff_post post;
    post_id id;
    if (!request_id(ctx, "post", &id.v) ||
        !sql_staff_post(ctx, id, ctx->actor->organisation, &post))
        return reply_not_found(ctx);
    enum post_end answer = registry_post_end(ctx, post.account, post.id);
    return reply_outcome(ctx, post_end_info(answer), STAFF_PATH);
}
