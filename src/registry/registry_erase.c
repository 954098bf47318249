/* Taking a person's data out of the registry. */
#include "base/text.h"
#include "ledger/ledger.h"
#include "registry/registry_room.h"
#include "registry_sql.h"
#include "web/show.h"

/* Under the role, not the name: it would be the one thing that stays. */
static void trace(struct ctx *ctx, person_id person, const char *action)
{
    ledger_trace(ctx, &(struct trace_args){.subject_kind = "person",
                                           .subject_id = person.v,
                                           .action = action,
                                           .actor = ctx->actor->account,
                                           .actor_name = words(ctx, "role.worker")});
}

void registry_person_erase_contact(struct ctx *ctx, person_id person)
{
    sql_person_contact_erase(ctx, person);
    trace(ctx, person, "person_erase_contact");
}

static void close_account(struct ctx *ctx, account_id account)
{
    struct post_list posts = sql_posts_of(ctx, account);
    for (size_t i = 0; i < posts.count; i++)
        sql_post_end_step(ctx, posts.items[i].id, account, ctx->now);
    sql_account_state_step(ctx, &(struct sql_account_state_step){account, ACCOUNT_STATE_ACTIVE,
                                                                 ACCOUNT_STATE_SUSPENDED});
    sql_sign_ins_delete(ctx, account, (sign_in_id){0});
    sql_account_link_delete(ctx, account);
    sql_account_name(ctx, account, "-");
}

void registry_person_erase(struct ctx *ctx, person_id person)
{
    struct account account;
    /* Unlike any number that a document has: nobody is found under it, or registered again. */
    const char *nobody = arena_printf(ctx->arena, "erased:%s", show_id(ctx, person.v));
    trace(ctx, person, "person_erase");
    sql_person_contact_erase(ctx, person);
    sql_person_names_erase(ctx, person);
    sql_name_corrections_erase(ctx, person);
    sql_person_erase(ctx, &(struct sql_person_erase){.id = person,
                                                     .identity_key = nobody,
                                                     .identity_key_index = nobody,
                                                     .identity_no = nobody,
                                                     .name = "-"});
    if (sql_account_of_person(ctx, person, &account))
        close_account(ctx, account.id);
}
