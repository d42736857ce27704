Section ${section} of ${document}, lines ${first_line} to ${last_line}.
Makes ${contents}.
