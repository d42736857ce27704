-- Signatures are those of PostgreSQL's contrib/pgcrypto (manual, appendix "pgcrypto").
CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
  AS $$ SELECT pg_catalog.gen_random_uuid() $$;
CREATE FUNCTION gen_random_bytes(integer) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$
    DECLARE
      result pg_catalog.bytea := '';
    BEGIN
      IF $1 < 1 OR $1 > 1024 THEN
        RAISE EXCEPTION 'Length not in range' USING ERRCODE = 'external_routine_invocation_exception';
      END IF;
      WHILE pg_catalog.length(result) < $1 LOOP
        result := result || pg_catalog.sha256(pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
                                              || pg_catalog.uuid_send(pg_catalog.gen_random_uuid()));
      END LOOP;
      RETURN pg_catalog.substr(result, 1, $1);
    END
  $$;
CREATE FUNCTION digest(bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    BEGIN
      CASE pg_catalog.lower($2)
        WHEN 'md5' THEN RETURN pg_catalog.decode(pg_catalog.md5($1), 'hex');
        WHEN 'sha224' THEN RETURN pg_catalog.sha224($1);
        WHEN 'sha256' THEN RETURN pg_catalog.sha256($1);
        WHEN 'sha384' THEN RETURN pg_catalog.sha384($1);
        WHEN 'sha512' THEN RETURN pg_catalog.sha512($1);
        ELSE
          RAISE EXCEPTION 'digest(…, ''%'') is not available on the scratch server: it has only a stand-in for pgcrypto', $2
            USING ERRCODE = 'feature_not_supported';
      END CASE;
    END
  $$;
CREATE FUNCTION digest(text, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  SET search_path FROM CURRENT
  AS $$
    BEGIN
      RETURN digest(pg_catalog.convert_to($1, pg_catalog.getdatabaseencoding()), $2);
    END
  $$;
-- RFC 2104 over digest().
CREATE FUNCTION hmac(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  SET search_path FROM CURRENT
  AS $$
    DECLARE
      block integer := CASE WHEN pg_catalog.lower($3) IN ('sha384', 'sha512') THEN 128 ELSE 64 END;
      key pg_catalog.bytea := $2;
      inner_pad pg_catalog.bytea;
      outer_pad pg_catalog.bytea;
    BEGIN
      IF pg_catalog.length(key) > block THEN
        key := digest(key, $3);
      END IF;
      key := key || pg_catalog.decode(pg_catalog.repeat('00', block - pg_catalog.length(key)), 'hex');
      inner_pad := key;
      outer_pad := key;
      FOR i IN 0 .. block - 1 LOOP
        inner_pad := pg_catalog.set_byte(inner_pad, i, pg_catalog.get_byte(key, i) # 54);
        outer_pad := pg_catalog.set_byte(outer_pad, i, pg_catalog.get_byte(key, i) # 92);
      END LOOP;
      RETURN digest(outer_pad || digest(inner_pad || $1, $3), $3);
    END
  $$;
CREATE FUNCTION hmac(text, text, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  SET search_path FROM CURRENT
  AS $$
    BEGIN
      RETURN hmac(pg_catalog.convert_to($1, pg_catalog.getdatabaseencoding()),
                  pg_catalog.convert_to($2, pg_catalog.getdatabaseencoding()), $3);
    END
  $$;
-- What needs OpenSSL: the signature is there, calling it is an error.
CREATE FUNCTION crypt(text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'crypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION gen_salt(text) RETURNS text LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'gen_salt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION gen_salt(text, integer) RETURNS text LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'gen_salt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION encrypt(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'encrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION decrypt(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'decrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION encrypt_iv(bytea, bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'encrypt_iv() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION decrypt_iv(bytea, bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'decrypt_iv() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_encrypt(text, text) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_encrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_encrypt_bytea(bytea, text) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_encrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_encrypt(text, text, text) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_encrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_encrypt_bytea(bytea, text, text) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_encrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_decrypt(bytea, text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_decrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_decrypt_bytea(bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_decrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_decrypt(bytea, text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_decrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_sym_decrypt_bytea(bytea, text, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_sym_decrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_encrypt(text, bytea) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_encrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_encrypt_bytea(bytea, bytea) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_encrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_encrypt(text, bytea, text) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_encrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_encrypt_bytea(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_encrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_decrypt(bytea, bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_decrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_decrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_decrypt(bytea, bytea, text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_decrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_decrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_decrypt(bytea, bytea, text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_decrypt() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea, text, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_pub_decrypt_bytea() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_key_id(bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_key_id() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION armor(bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'armor() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION armor(bytea, text[], text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'armor() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION dearmor(text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'dearmor() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
CREATE FUNCTION pgp_armor_headers(text, OUT key text, OUT value text) RETURNS SETOF record
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ BEGIN RAISE EXCEPTION 'pgp_armor_headers() is not available on the scratch server: it has only a stand-in for pgcrypto'
    USING ERRCODE = 'feature_not_supported'; END $$;
