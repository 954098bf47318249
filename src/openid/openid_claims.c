/* What an ID token and a logout token must say (Core 3.1.3.7, Back-Channel Logout 2.4, 2.6). */
#include <string.h>

#include "openid/openid_room.h"

static const int64_t SKEW_SECONDS = 60;
static const int64_t AGE_SECONDS = OPENID_TRIP_MINUTES * 60;
static const char LOGOUT_EVENT[] = "http://schemas.openid.net/event/backchannel-logout";

static bool read_time(const struct json *claims, const char *name, int64_t *ret)
{
    const struct json *value = json_member(claims, name);
    return value != NULL && value->type == JSON_NUMBER && text_integer(value->text, ret);
}

static bool is_for_us(const struct json *claims, const char *client)
{
    const struct json *audience = json_member(claims, "aud");
    if (audience == NULL)
        return false;
    if (audience->type == JSON_TEXT)
        return strcmp(audience->text, client) == 0;
    bool is_named = false;
    if (audience->type != JSON_ARRAY)
        return false;
    for (const struct json *one = audience->first; one != NULL; one = one->next)
        is_named = is_named || (one->type == JSON_TEXT && strcmp(one->text, client) == 0);
    return is_named;
}

/* Of several that it is for, the one that it was given to. */
static bool was_given_to_us(const struct json *claims, const char *client)
{
    const struct json *audience = json_member(claims, "aud"), *party = json_member(claims, "azp");
    bool is_shared = audience != NULL && audience->type == JSON_ARRAY && audience->first != NULL &&
                     audience->first->next != NULL;
    if (party == NULL)
        return !is_shared;
    return party->type == JSON_TEXT && strcmp(party->text, client) == 0;
}

static const char *time_fault(const struct json *claims, struct instant now)
{
    int64_t expires, issued, begins, seconds = now.v / 1000;
    if (!read_time(claims, "exp", &expires) || seconds - SKEW_SECONDS >= expires)
        return "exp";
    if (!read_time(claims, "iat", &issued) || issued > seconds + SKEW_SECONDS ||
        issued < seconds - AGE_SECONDS)
        return "iat";
    if (json_member(claims, "nbf") != NULL &&
        (!read_time(claims, "nbf", &begins) || begins > seconds + SKEW_SECONDS))
        return "nbf";
    return NULL;
}

/* When the person proved there who they are: lately, or as late as was asked (Core 2, 3.1.2.1). */
static bool is_proved_late_enough(const struct json *claims, const struct id_token_wanted *wanted)
{
    int64_t proved, seconds = wanted->now.v / 1000;
    int64_t first = wanted->fresh_since.v == 0 ? seconds - OPENID_AGE_HOURS * 60 * 60
                                               : wanted->fresh_since.v / 1000;
    return read_time(claims, "auth_time", &proved) && proved >= first - SKEW_SECONDS &&
           proved <= seconds + SKEW_SECONDS;
}

int64_t openid__age_ms(const struct json *claims, struct instant now)
{
    int64_t proved = 0;
    read_time(claims, "auth_time", &proved);
    return proved * 1000 < now.v ? now.v - proved * 1000 : 0;
}

static const char *origin_fault(const struct json *claims, const struct openid_settings *settings)
{
    if (!text_equal(openid__text(claims, "iss"), settings->issuer))
        return "iss";
    return is_for_us(claims, settings->client) ? NULL : "aud";
}

static bool is_subject(const char *text)
{
    return text != NULL && strlen(text) <= OPENID_SUBJECT_MAX;
}

const char *openid__id_token_fault(const struct json *claims, const struct id_token_wanted *wanted)
{
    const struct openid_settings *settings = wanted->settings;
    const char *fault = origin_fault(claims, settings);
    if (fault != NULL)
        return fault;
    if (!was_given_to_us(claims, settings->client))
        return "azp";
    fault = time_fault(claims, wanted->now);
    if (fault != NULL)
        return fault;
    if (!text_equal(openid__text(claims, "nonce"), wanted->nonce))
        return "nonce";
    if (!is_subject(openid__text(claims, "sub")))
        return "sub";
    if (!is_proved_late_enough(claims, wanted))
        return "auth_time";
    if (settings->required_acr != NULL &&
        !openid__lists(settings->required_acr, openid__text(claims, "acr")))
        return "acr";
    return NULL;
}

const char *openid__logout_fault(const struct json *claims, const struct openid_settings *settings,
                                 struct instant now)
{
    const char *fault = origin_fault(claims, settings);
    if (fault == NULL)
        fault = time_fault(claims, now);
    if (fault != NULL)
        return fault;
    const struct json *events = json_member(claims, "events");
    const struct json *event =
        events == NULL || events->type != JSON_OBJECT ? NULL : json_member(events, LOGOUT_EVENT);
    if (event == NULL || event->type != JSON_OBJECT)
        return "events";
    if (json_member(claims, "nonce") != NULL) /* an ID token, in the wrong place */
        return "nonce";
    const char *subject = openid__text(claims, "sub");
    if (subject == NULL)
        return openid__text(claims, "sid") == NULL ? "sub" : NULL;
    return is_subject(subject) ? NULL : "sub";
}

bool openid__has_factor(const struct json *claims, const struct openid_settings *settings)
{
    const struct json *methods = json_member(claims, "amr");
    bool is_trusted = openid__lists(settings->factor_acr, openid__text(claims, "acr"));
    if (methods == NULL || methods->type != JSON_ARRAY)
        return is_trusted;
    for (const struct json *one = methods->first; one != NULL; one = one->next)
        is_trusted = is_trusted ||
                     (one->type == JSON_TEXT && openid__lists(settings->factor_amr, one->text));
    return is_trusted;
}
