/*
 * TLS by GnuTLS, underneath libmicrohttpd: which versions and suites are spoken, and with which
 * certificate. A new one is taken in while connections go on; those that shake hands just then may
 * still hold the one before, so it stays until the end.
 */
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdio.h>
#include <sys/stat.h>

#include "web/web_room.h"

enum { CHAIN_MOST = 8, KEY_BYTES_MAX = 64 * 1024 };

/* Forward secrecy and authenticated encryption only: what TLS 1.3 has, and of 1.2 the like. */
static const char SUITES[] = "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+ECDHE-ECDSA:+ECDHE-RSA:+AES-256-GCM:"
                             "+CHACHA20-POLY1305:+AES-128-GCM:+AEAD:+COMP-NULL:+GROUP-X25519:"
                             "+GROUP-SECP256R1:+GROUP-SECP384R1:+SIGN-ECDSA-SECP256R1-SHA256:"
                             "+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:"
                             "+SIGN-EdDSA-Ed25519:+SIGN-RSA-PSS-RSAE-SHA256:"
                             "+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:"
                             "+CTYPE-X509:%SERVER_PRECEDENCE";

struct certificate {
    struct certificate *before;
    gnutls_pcert_st chain[CHAIN_MOST];
    unsigned length;
    gnutls_privkey_t key;
};

/* GnuTLS asks for a certificate without saying for which server. */
static _Atomic(struct certificate *) current; /* allowed: a process shows one */

static int show_certificate(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                            const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                            gnutls_pcert_st **ret_chain, unsigned *ret_length,
                            gnutls_privkey_t *ret_key)
{
    (void)session;
    (void)authorities;
    (void)count;
    (void)algorithms;
    (void)algorithm_count;
    struct certificate *shown = atomic_load(&current);
    *ret_chain = shown->chain;
    *ret_length = shown->length;
    *ret_key = shown->key;
    return 0;
}

/* --- reading it */

static const char *refuse_key(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return "the key cannot be read";
    return (about.st_mode & S_IRWXO) != 0 ? "the key is open to others" : NULL;
}

/* That the two fit, and that they can be read at all. */
static const char *check_pair(const struct web_options *options)
{
    gnutls_certificate_credentials_t both;
    if (gnutls_certificate_allocate_credentials(&both) < 0)
        return gnutls_strerror(GNUTLS_E_MEMORY_ERROR);
    int code =
        gnutls_certificate_set_x509_key_file2(both, options->tls_certificate, options->tls_key,
                                              GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
    gnutls_certificate_free_credentials(both);
    return code < 0 ? gnutls_strerror(code) : NULL;
}

static int read_key(const char *path, gnutls_privkey_t key)
{
    unsigned char bytes[KEY_BYTES_MAX];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return GNUTLS_E_FILE_ERROR;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    gnutls_datum_t text = {bytes, (unsigned)length};
    int code = gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
    gnutls_memset(bytes, 0, sizeof bytes);
    return code;
}

static void drop(struct certificate *certificate)
{
    for (unsigned i = 0; i < certificate->length; i++)
        gnutls_pcert_deinit(&certificate->chain[i]);
    if (certificate->key != NULL)
        gnutls_privkey_deinit(certificate->key);
}

static const char *read_pair(const struct web_options *options, struct certificate *ret)
{
    const char *why = refuse_key(options->tls_key);
    why = why == NULL ? check_pair(options) : why;
    if (why != NULL)
        return why;
    ret->length = CHAIN_MOST;
    int code = gnutls_pcert_list_import_x509_file(
        ret->chain, &ret->length, options->tls_certificate, GNUTLS_X509_FMT_PEM, NULL, NULL, 0);
    if (code < 0)
        ret->length = 0;
    if (code >= 0)
        code = gnutls_privkey_init(&ret->key);
    if (code >= 0)
        code = read_key(options->tls_key, ret->key);
    if (code >= 0)
        return NULL;
    drop(ret);
    return gnutls_strerror(code);
}

static void drop_all(void *unused)
{
    (void)unused;
    for (struct certificate *at = atomic_exchange(&current, NULL); at != NULL; at = at->before)
        drop(at);
}

bool tls_read(const struct web *web, struct message *ret_fault)
{
    const struct web_options *options = &web->options;
    struct certificate *made = arena_one(web->arena, struct certificate);
    const char *why = read_pair(options, made);
    if (why != NULL) {
        *ret_fault = (struct message){
            "web.tls_unreadable",
            {{"certificate", options->tls_certificate}, {"why", arena_text(web->arena, why)}}};
        return false;
    }
    made->before = atomic_load(&current);
    if (made->before == NULL)
        arena_defer(web->arena, drop_all, NULL);
    atomic_store(&current, made);
    return true;
}

const struct MHD_OptionItem *tls_options(const struct web *web)
{
    static const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem *options = arena_array(web->arena, 3, struct MHD_OptionItem);
    if (web->options.tls_certificate == NULL)
        return none;
    options[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)SUITES};
    options[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0,
                                         (void *)(uintptr_t)show_certificate};
    options[2] = none[0];
    return options;
}
