"""The meanings that columns may have, and which of them are about people or secret."""

from __future__ import annotations

from enum import Enum


class Meaning(Enum):
    """What a column holds."""

    EMAIL = "email"
    PHONE = "phone"
    PERSON_NAME = "person name"
    FIRST_NAME = "first name"
    MIDDLE_NAME = "middle name"
    LAST_NAME = "last name"
    NAME_PREFIX = "name prefix"
    USERNAME = "username"
    GENDER = "gender"
    NATIONAL_ID = "national id"
    TAX_ID = "tax id"
    COMPANY = "company"
    DEPARTMENT = "department"
    JOB_TITLE = "job title"
    ADDRESS = "address"
    STREET = "street"
    ADDRESS_LINE_2 = "address line 2"
    CITY = "city"
    STATE = "state"
    POSTAL_CODE = "postal code"
    COUNTRY_CODE = "country code"
    COUNTRY = "country"
    CURRENCY = "currency"
    IP = "ip"
    MAC = "mac"
    URL = "url"
    IMAGE_URL = "image url"
    DOMAIN_NAME = "domain name"
    USER_AGENT = "user agent"
    LOCALE = "locale"
    TIME_ZONE = "time zone"
    COLOUR = "colour"
    SLUG = "slug"
    TITLE = "title"
    DESCRIPTION = "description"
    COMMENT = "comment"
    PRODUCT = "product"
    SKU = "sku"
    REFERENCE = "reference"
    CODE = "code"
    BARCODE = "barcode"
    IBAN = "iban"
    BANK = "bank"
    CARD_NUMBER = "card number"
    LAST_FOUR = "last four"
    PASSWORD_HASH = "password hash"  # noqa: S105 - no password
    TOKEN = "token"  # noqa: S105 - no token
    HASH = "hash"
    FILE_NAME = "file name"
    PATH = "path"
    MIME_TYPE = "mime type"
    FILE_EXTENSION = "file extension"
    VERSION = "version"
    HTTP_METHOD = "http method"
    STATUS = "status"
    KIND = "kind"
    ROLE = "role"
    PRIORITY = "priority"
    PERMISSION = "permission"
    CATEGORY = "category"
    TAG = "tag"
    LABEL = "label"
    UNIT = "unit"
    DEVICE = "device"
    EVENT = "event"
    REASON = "reason"
    KEY = "key"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    PRICE = "price"
    AMOUNT = "amount"
    SALARY = "salary"
    QUANTITY = "quantity"
    PERCENTAGE = "percentage"
    FRACTION = "fraction"
    RATING = "rating"
    AGE = "age"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    POSITION = "position"
    LEVEL = "level"
    PORT = "port"
    HTTP_STATUS = "http status"
    SIZE_BYTES = "size in bytes"
    WIDTH = "width"
    DURATION = "duration"
    COUNT = "count"
    WEIGHT = "weight"
    TEMPERATURE = "temperature"
    BIRTH_DATE = "birth date"
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    DONE = "done"
    EXPIRES = "expires"
    STARTS = "starts"
    ENDS = "ends"
    SEEN = "seen"
    DATE = "date"
    ON = "mostly true"
    OFF = "mostly false"
    SETTINGS = "settings"
    METADATA = "metadata"
    IDENTIFIER = "identifier"
    OTHER = "other"

    @property
    def personal(self) -> bool:
        """Whether it says something about a person."""
        return self in _PERSONAL

    @property
    def secret(self) -> bool:
        """Whether knowing it gives access to something."""
        return self in _SECRET


_M = Meaning
_PERSONAL = frozenset({
    _M.EMAIL, _M.PHONE, _M.PERSON_NAME, _M.FIRST_NAME, _M.MIDDLE_NAME, _M.LAST_NAME, _M.NAME_PREFIX, _M.USERNAME,
    _M.GENDER, _M.NATIONAL_ID, _M.TAX_ID, _M.ADDRESS, _M.STREET, _M.ADDRESS_LINE_2, _M.CITY, _M.POSTAL_CODE, _M.IP,
    _M.MAC, _M.USER_AGENT, _M.IBAN, _M.CARD_NUMBER, _M.LAST_FOUR, _M.LATITUDE, _M.LONGITUDE, _M.SALARY, _M.AGE,
    _M.BIRTH_DATE, _M.COMMENT, _M.DEVICE, _M.PASSWORD_HASH,
})  # fmt: skip
_SECRET = frozenset({_M.PASSWORD_HASH, _M.TOKEN, _M.CARD_NUMBER})
