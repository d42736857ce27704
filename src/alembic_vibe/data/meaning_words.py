"""The words of names that tell what a column means, by the family of its type."""

from __future__ import annotations

import re

from alembic_vibe.data.meanings import Meaning

M = Meaning

# The first that matches the whole name decides; "~" stands for any words before it. Space in a pattern means nothing.
TEXTS: tuple[tuple[Meaning, str], ...] = (
    (M.MAC, r"~mac(_addr(ess)?)?"),
    (M.IP, r"~ips?(_?v[46])?(_addr(ess)?)?|~ipaddress|~remote_addr(ess)?|~ip_address(es)?|~inet|last_ip"),
    (
        M.PASSWORD_HASH,
        r"""~(password|passwd|passphrase|pwd|pass)(_(hash|digest|salt))?|(hashed|encrypted|crypted)_\w*pass\w*
        |~pass(word)?_?(hash|salt|digest)\w*|~salt""",
    ),
    (
        M.TOKEN,
        r"""~(api|access|secret|private|signing|session|encryption|consumer|auth|recovery|backup|license
        |webhook)_(keys?|codes?|secret)(_hash|_encrypted)?|~(tokens?|secrets?|otp\w*|nonce|cookie|credentials?
        |api_?keys?|pin)(_hash|_value|_digest|_encrypted)?|~(verification|confirmation|reset|invite|invitation
        |two_factor)_code|~(public|ssh)_key""",
    ),
    (M.HASH, r"~(hash(es)?|digest|checksums?|sha_?\d*|md_?5|crc\d*|e_?tag|fingerprint|signature|content_hash)(_\w+)?"),
    (
        M.EMAIL,
        r"""~(e_?mails?|mail)(_?addr(ess)?(es)?)?(_(canonical|normalized|normalised|lower|encrypted|value))?|mailto""",
    ),
    (M.USER_AGENT, r"~user_?agent|~browser(_string)?|ua"),
    (
        M.PHONE,
        r"""~(phones?|mobile|cell|tel|telephone|fax|msisdn|whats_?app)(_?(number|num|no|home|work|e164))?s?
        |homephone|~phone_?\d""",
    ),
    (
        M.IMAGE_URL,
        r"""~(avatar|image|photo|picture|logo|icon|thumbnail|banner|cover|thumb)_?(url|uri|link|src|image)s?|avatar
        |~(photo|image|logo|picture)_?path""",
    ),
    (M.SLUG, r"~(slug|permalink|url_?key|url_name|seo_name)"),
    (
        M.URL,
        r"""~(url|uri|href|link|website|web_?site|homepage|home_?page|endpoint|webhook|callback
        |referr?er)s?(_\w+)?|web""",
    ),
    (M.DOMAIN_NAME, r"~(domains?|host|hostname|host_?name|domain_name|fqdn|sub_?domain|server_name|site)"),
    (
        M.NATIONAL_ID,
        r"""~(ssn|social_security\w*|national_?id\w*|passport\w*|id_card\w*|identity_number|driver\w*licen\w*
        |licen[cs]e_(no|number|plate)|nin)""",
    ),
    (M.TAX_ID, r"~(tax|vat|ein|tin)(_?(id|number|no|code|registration)\w*)|~(vatin|vat|ein)"),
    (M.IBAN, r"~iban|~(bank_)?account_(number|no)|~routing_number|~(bic|swift)(_code)?|sort_code"),
    (M.LAST_FOUR, r"~last_?(4|four)(_digits)?"),
    (M.CARD_NUMBER, r"~(credit_?)?card_?(number|no|num)|~credit_?card|pan|~cc_number"),
    (M.BANK, r"~bank(_name)?"),
    (M.USERNAME, r"~(user_?name|login|login_?(id|name)|nick(_?name)?|handle|screen_?name|alias|username_lower)"),
    (M.FIRST_NAME, r"~(first|given|fore)_?names?|fname|~firstname"),
    (M.MIDDLE_NAME, r"~middle_?(name|initial)s?"),
    (M.LAST_NAME, r"~(last|family|sur|maiden)_?names?|lname|~lastname"),
    (M.NAME_PREFIX, r"salutation|honorific|title_?of_?courtesy|name_prefix|suffix"),
    (M.GENDER, r"~(gender|sex)"),
    (M.COUNTRY_CODE, r"~(country|nation|region)_?(code|iso\w*|alpha_?\d)s?|~nationality|country_?\d"),
    (
        M.COMPANY,
        r"""~(company|organi[sz]ation|org|vendor|supplier|employer|manufacturer|publisher|legal|business|carrier
        |merchant|brand|shipper|tenant|agency|trading|client_company)_?names?|~(company|employer|manufacturer
        |vendor|publisher|brand|carrier|supplier|insurer)|~organi[sz]ation""",
    ),
    (M.JOB_TITLE, r"~(job|contact|position|work)_?title|~(occupation|profession|job|designation)"),
    (M.DEPARTMENT, r"~(department|division)(_name)?|group_name"),
    (M.TIME_ZONE, r"~time_?zone(_name)?|tz|~_tz|~iana_name"),
    (M.LOCALE, r"~(locale|language|lang|culture)(_?(code|id|tag))?s?"),
    (M.CURRENCY, r"~currency(_?(code|iso|id))?|~ccy"),
    (M.COUNTRY, r"~country(_?name|_region_?name|_region)?"),
    (
        M.STATE,
        r"""~(state|province)_?(name|code|province|region|province_code)|~(province|county|prefecture|district)
        |(address|ship|shipping|billing|bill|home|mailing)_?(state|region)|region(_name)?|territory""",
    ),
    (M.POSTAL_CODE, r"~(post|postal|zip)_?(al_?)?codes?|~(zip|plz)|~postal"),
    (M.CITY, r"~(city|town|locality|village|municipality|suburb)(_?name)?"),
    (M.ADDRESS_LINE_2, r"~addr(ess)?(_?line)?_?[2345]|apartment|suite|~street2"),
    (M.STREET, r"~(street|addr(ess)?)(_?line)?_?1|~street(_?(name|address|no|number))?"),
    (M.ADDRESS, r"~addr(ess)?(es)?(_?text|_?full)?|location|venue|~(shipping|billing)_to"),
    (M.COLOUR, r"~colou?r(_?(code|hex))?|~_hex"),
    (M.HTTP_METHOD, r"~(http|request)_?method|verb"),
    (M.MIME_TYPE, r"~(mime|media|content)_?type"),
    (M.FILE_EXTENSION, r"~(file_?)?ext(ension)?"),
    (M.FILE_NAME, r"~file_?names?|~(original|attachment|document)_(name|file)|filename\w*|file"),
    (M.PATH, r"~(path|dir|directory|folder|storage_key|object_key|s3_key|file_?path|location_path)"),
    (M.VERSION, r"~(version|ver|release|semver)(_?(num|number|string|name|tag))?"),
    (M.BARCODE, r"~(bar_?code|ean\w*|upc\w*|gtin|isbn\d*|issn)"),
    (M.SKU, r"~(sku|part_?(no|number)|article_?(no|number)|item_?(code|no|number)|product_?(code|number))"),
    (M.REASON, r"~reasons?|~cause"),
    (M.DEVICE, r"~device(_(name|id|model|type|info|serial))?|~serial(_?(no|number))?|imei"),
    (
        M.REFERENCE,
        r"""~(reference|ref|external_?(id|ref|reference|key)|order_?(no|number)|invoice_?(no|number)|tracking_?(no
        |number|code|id)|transaction_?(id|no|ref)|confirmation_?(no|number)|account_?ref|ticket_?(no|number)
        |po_number|case_?number|request_id|trace_id|correlation_id|idempotency_key|payment_intent\w*|number|num
        |no|document_number|employee_(no|number)|customer_(no|number)|registration_(no|number)|batch_(no|number)
        |lot_(no|number))""",
    ),
    (M.PRIORITY, r"~(priority|severity|urgency|importance)"),
    (M.STATUS, r"~(status|state|stage|phase|condition)(_?(code|name|text))?"),
    (M.ROLE, r"~roles?(_?name)?"),
    (M.PERMISSION, r"~(permissions?|scopes?|privileges?|abilit(y|ies)|grants?)(_?name)?"),
    (M.EVENT, r"~(event|action|activity|operation|trigger)(_?(name|type|key))?s?|verb"),
    (M.UNIT, r"~(unit|uom|unit_of_measure|unit_measure_code|quantity_per_unit)(_?(code|name))?"),
    (M.CATEGORY, r"~(category|genre|topic|department|industry|sector|segment|group)(_?name)?|categories"),
    (
        M.KIND,
        r"""~(type|kind|class|variant|mode|format|channel|source|method|medium|origin|provider|frequency|network
        |strategy)(_?(name|code))?""",
    ),
    (M.TAG, r"~(tags?|keywords?|labels|topics|hash_?tags?|interests|skills)"),
    (
        M.COMMENT,
        r"""~(comments?|notes?|remarks?|feedback|messages?|review(_text|_body)?|reply|answer|raw|cooked|question
        |testimonial|biography|bio|about(_me)?|body|special_instructions|internal_note|error_message|error
        |stack_?trace|last_error|response|post_raw)(_(text|body|html|md|markdown))?""",
    ),
    (
        M.DESCRIPTION,
        r"""~(descriptions?|desc|descr|content|text|summary|abstract|excerpt|details?|html|markdown|overview
        |instructions?|specs?|definition|explanation|full_?text|long_description|story|plot|synopsis
        |introduction|terms|policy|transcript|prompt|rationale|payload|document_summary)(_(text|html|md|markdown
        |body|long|short|en))?""",
    ),
    (M.PRODUCT, r"~(product|item|model|part|article|dish|meal|menu_item|good)_?(name|title|label)|~product|model"),
    (
        M.CODE,
        r"""~(code|cost_cent(re|er)|abbr(eviation)?|symbol|prefix|acronym|short_?code|short_?name|coupon|voucher|promo
        |initials)(_?code)?""",
    ),
    (
        M.PERSON_NAME,
        r"""~(full|display|contact|person|recipient|holder|customer|client|patient|author|owner|sender|real|employee
        |guest|billing|shipping|ship|host|member|student|teacher|doctor|buyer|seller|driver|actor|director
        |artist|composer|user|creator|signer|signatory|beneficiary|attendee|legal_representative|manager|payer
        |payee|from|to|reviewer|commenter|cardholder|account|passenger)_?name|~(cardholder|recipient|author
        |composer|director|artist|assignee|signed_by|sales_?person|contact_person|card_holder|contact|attention
        |attn|reviewer|owner|approver|speaker)|(created|updated|deleted|changed|approved|performed|modified
        |added|reviewed|entered)_by(_name)?""",
    ),
    (M.TITLE, r"~(title|subject|headline|caption|heading|tagline|slogan|topic_title|meta_title|fancy_title)"),
    (
        M.KEY,
        r"""~key(s|_name|_path)?|~(namespace|identifier|parameter|setting|variable|attribute|property|option
        |constraint|table|column|schema|queue|job|flag|feature|metric|config|index|bucket|field|channel|module
        |entity|model|resource|component|service|task|type)_?name|setting|feature|metric|queue|table
        |resource(_type)?|entity_type|target_type""",
    ),
    (M.LABEL, r"~(label|name|display|caption|value_label|term|name_\w\w|localized_name|long_name)"),
)  # fmt: skip
NUMBERS: tuple[tuple[Meaning, str], ...] = (
    (M.LATITUDE, r"~(lat|latitude)"),
    (M.LONGITUDE, r"~(lon|lng|long|longitude)"),
    (M.PHONE, r"~(phone|mobile|fax)(_?number)?"),
    (M.LAST_FOUR, r"~last_?(4|four)"),
    (
        M.PERCENTAGE,
        r"""~(percent(age)?|pct|progress|completion|humidity|battery_level|confidence_pct|cpu|cpu_usage)(_\w+)?""",
    ),
    (
        M.QUANTITY,
        r"""~(quantity|qty|stock(_level)?|units(_\w+)?|on_hand|inventory|reorder_\w+|safety_stock_level|seats
        |capacity|stock_quantity|order_qty|amount_in_stock|guests|party_size|beds|pieces|copies)""",
    ),
    (M.SALARY, r"~(salary|wage|income|bonus|net_worth|compensation|commission)(_\w+)?"),
    (
        M.FRACTION,
        r"""~(ratio|probability|confidence|similarity|share|fraction|conversion|discount_rate|tax_rate|vat_rate
        |interest_rate|commission_pct|relevance|discount|utili[sz]ation|occupancy)""",
    ),
    (M.RATING, r"~(rating|stars|rating_value|nps|grade|average_rating)"),
    (M.AGE, r"~age(_years)?|~min_age"),
    (M.YEAR, r"~year(_\w+)?|vintage"),
    (M.MONTH, r"~month"),
    (M.DAY, r"~(day|weekday|dow|day_of_week|day_of_month)"),
    (M.HOUR, r"~hour"),
    (M.HTTP_STATUS, r"~(http|response)_?(status|code)(_code)?|~status_code"),
    (M.PORT, r"~port"),
    (
        M.SIZE_BYTES,
        r"""~(bytes|file_?size|size|length_bytes|memory|size_(in_)?bytes|disk_\w+|content_length)|bytes_\w+""",
    ),
    (
        M.DURATION,
        r"""~(duration|elapsed|latency|timeout|runtime|run_?time|read_time|delay|interval|ttl|length|lead_time|time_spent
        |seconds|minutes|milliseconds|millis|ms|days|weeks|hours|sec|secs|min|estimated_time)(_(ms|s|sec|seconds
        |minutes|hours|days|in_\w+))?|days_to_manufacture""",
    ),
    (
        M.PRICE,
        r"""~(price|unit_?price|list_?price|msrp|rental_rate|standard_cost|cost|fare|rate|replacement_cost
        |price_cents|cost_cents)(_\w+)?""",
    ),
    (
        M.AMOUNT,
        r"""~(amount|total|sub_?total|balance|tax|fee|freight|budget|revenue|credit|debit|paid|due|net|gross|value
        |tax_amt|total_due|cents|payment|refund|charge|deposit|limit|spent|line_total|turnover)(_\w+)?""",
    ),
    (
        M.POSITION,
        r"""~(position|sort|sort_?order|ordinal|sequence|seq|rank|order|idx|index|display_order|line_?(no|number)
        |row_number|weight_order|ordering|no|number|step|sort_key)""",
    ),
    (
        M.LEVEL,
        r"""~(level|floor|priority|severity|depth|tier|trust_level|attempts?|retries|retry_count|failed_\w+|version
        |revision|lock_version|score)""",
    ),
    (M.WIDTH, r"~(width|height|x|y|resolution|pixels|width_px|height_px)"),
    (
        M.WEIGHT,
        r"""~(weight|mass|volume|length_cm|width_cm|height_cm|depth_cm|weight_\w+|distance|area(_\w+)?|surface|size_\w+)""",
    ),
    (M.TEMPERATURE, r"~(temp|temperature)(_\w+)?"),
    (
        M.COUNT,
        r"""~(count|counts|counter|hits|views|likes|clicks|num|visits|downloads|votes|shares|followers|posts|replies
        |impressions|uses|usage|points|total_\w+|usage_count|rows|times_\w+)(_\w+)?|(num|number_of|no_of|max|min
        |n|nb)_\w+""",
    ),
)  # fmt: skip
MOMENTS: tuple[tuple[Meaning, str], ...] = (
    (M.BIRTH_DATE, r"~(birth_?(date|day)|dob|date_of_birth|born(_on|_at)?)"),
    (
        M.DELETED,
        r"""~(deleted|archived|cancell?ed|revoked|removed|terminated|suspended|blocked|locked|banned|disabled|merged
        |discontinued|closed|retired|rejected|failed|deactivated|anonymi[sz]ed|purged|silenced|unsubscribed
        |withdrawn|hidden)(_?(at|on|date|time|till|until))?""",
    ),
    (
        M.EXPIRES,
        r"""~(expir(es?|ed|y|ation)|due|deadline|valid_(to|until|till|through)|renews?|next|scheduled|eta|required
        |reset_by|retry|purge_after|retain_until|best_before|estimated|expected|target|planned|remind
        |available_until|warranty)(_\w+)?""",
    ),
    (
        M.CREATED,
        r"""~(created|inserted|added|registered|joined|signed_up|creation|hire|hired|opened|submitted|received
        |placed|order|ordered|issued|issue|date_joined|recorded|logged|occurred|happened|uploaded|imported
        |invited|requested|queued|posted|enrolled|sent|published|captured|measured|purchase|payment|rental
        |invoice|transaction|booked|posting|observed)(_?(at|on|date|time|timestamp|ts))?|ts|timestamp
        |create_date|event_time|logged_at|time""",
    ),
    (
        M.UPDATED,
        r"""~(updated|modified|changed|edited|refreshed|synced|modification|last_update|last_modified|bumped
        |touched)(_?(at|on|date|time|timestamp|ts))?""",
    ),
    (
        M.SEEN,
        r"""~(last|latest|previous|recent|first_seen|seen|read|viewed|visited|login|signed_in|current_sign_in|used
        |accessed)(_\w+)?""",
    ),
    (
        M.STARTS,
        r"""~(starts?|started|begins?|began|from|valid_from|effective|since|available_from|check_?in|departure
        |opens?|active_from|start_?date|sell_start|period_start|launch(ed)?)(_?\w+)?|~_from""",
    ),
    (
        M.ENDS,
        r"""~(ends?|ended|end_?date|until|to|stop(ped)?|finish(ed|es)?|check_?out|arrival|return(_date)?|period_end
        |closes?|sell_end)(_?(at|on|date|time))?""",
    ),
    (
        M.DONE,
        r"""~(completed|done|resolved|shipped|delivered|approved|confirmed|verified|paid|processed|accepted
        |activated|acknowledged|returned|responded|answered|converted|refunded|settled|executed|signed|reviewed
        |released|triggered|dispatched|fulfilled|posted|notified|consumed|redeemed|ship)(_?(at|on|date|time))?""",
    ),
    (M.DATE, r".*"),
)  # fmt: skip
BOOLS: tuple[tuple[Meaning, str], ...] = (
    (
        M.ON,
        r"""~(active|enabled|visible|verified|confirmed|published|valid|available|success(ful)?|allowed?|approved
        |current|in_stock|activebool|email_notifications|granted|accepted|subscribed|public|salaried_?flag
        |deliverable)(_\w+)?""",
    ),
    (
        M.OFF,
        r"""~(deleted|admin|archived|blocked|banned|locked|disabled|hidden|suspended|cancell?ed|discontinued|staff
        |super_?user|default|primary|failed|revoked|expired|spam|system|internal|test|moderator|featured|pinned
        |flagged|draft|deprecated|closed|sticky|rejected|required|urgent|nsfw|opt_in|opt_out|beta|legacy|override
        |trust_level_locked)(_\w+)?""",
    ),
)  # fmt: skip
DOCUMENTS: tuple[tuple[Meaning, str], ...] = (
    (M.SETTINGS, r"~(settings?|preferences?|prefs|config(uration)?|options?|features?|flags?|params|parameters)"),
    (M.ADDRESS, r"~(address|location)(es)?"),
    (M.TAG, r"~(tags?|keywords?|labels|categories|roles|permissions|scopes|features_list|skills|ids|items_list)"),
)  # fmt: skip

# What a name alone means hangs on the table.
PEOPLE = re.compile(
    r"""(\w+_)?(user|person|people|persons|customer|client|contact|employee|member|patient|student|teacher
    |author|staff|actor|guest|driver|doctor|lead|subscriber|recipient|profile|passenger|artist|instructor
    |participant|attendee|volunteer|agent|nurse|applicant|candidate|player|owner|director|speaker)(e?s)?""",
    re.VERBOSE,
)
FIRMS = re.compile(
    r"""(\w+_)?(company|companies|organi[sz]ation|tenant|vendor|supplier|shipper|employer|account|merchant
    |publisher|manufacturer|brand|agency|agencies|business|partner|carrier|insurer|bank|customer_company
    |workspace)(e?s)?""",
    re.VERBOSE,
)
GOODS = re.compile(
    r"""(\w+_)?(product|item|article|part|sku|listing|menu_item|dish|asset|material|equipment|product_model|device|good
    |variant)(e?s)?""",
    re.VERBOSE,
)
BY_TABLE: tuple[tuple[str, Meaning], ...] = (
    (r"(\w+_)?(city|cities|towns?)", M.CITY),
    (r"(\w+_)?(country|countries|nations?)", M.COUNTRY),
    (r"(\w+_)?(state|province|region|territor(y|ie))s?", M.STATE),
    (r"(\w+_)?departments?", M.DEPARTMENT),
    (r"(\w+_)?(categor(y|ie)|genre|group|topic|industry|segment)s?", M.CATEGORY),
    (r"(\w+_)?(tags?|labels?|keywords?|skills?|amenit(y|ies))", M.TAG),
    (r"(\w+_)?roles?", M.ROLE),
    (r"(\w+_)?permissions?", M.PERMISSION),
    (r"(\w+_)?(status(es)?|states?|stages?)", M.STATUS),
    (r"(\w+_)?(files?|documents?|attachments?|uploads?|blobs?)", M.FILE_NAME),
    (r"(\w+_)?(film|movie|album|track|post|article|book|playlist|project|task|event|course|campaign|issue)s?", M.TITLE),
    (r"(\w+_)?(types?|kinds?)", M.KIND),
    (r"(\w+_)?(settings?|features?|flags?|metrics?|configs?|parameters?|feature_flags?)", M.KEY),
    (r"(\w+_)?(units?)", M.UNIT),
    (r"(\w+_)?(banks?)", M.BANK),
    (r"(\w+_)?(venues?|locations?|warehouses?|stores?|offices?)", M.LABEL),
)
# And so does what a code is one of.
CODES = (
    (r"(\w+_)?countr(y|ies)", M.COUNTRY_CODE),
    (r"(\w+_)?currenc(y|ies)", M.CURRENCY),
    (r"(\w+_)?languages?", M.LOCALE),
)
# Words at the end of names that are written without any sign between them, the longer first.
TAILS = (
    "postalcode", "regioncode", "measurecode", "stocklevel", "province", "category", "address", "country", "number",
    "month", "model", "price", "level", "types", "city", "code", "cost", "date", "name", "type", "year", "amt", "due",
)  # fmt: skip
