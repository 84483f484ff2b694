@critical @fixture.payments
Feature: Ordering and showing pictures through pages and apps alike
  Some customers use the pages, others an app.
  The shop refuses the same things to both, in the same words.

  Background:
    Given Mia is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: Only whole PNG, JPEG and WebP pictures of up to 5 MB are taken

    Scenario Outline: through <through>, <picture> is refused
      When Mia tries to upload through <through> <picture>
      Then Mia is told that this is invalid
      And the fault is in the avatar: "<message>"
      And nothing has changed

      @browser
      Examples: on a page
        | through | picture                                        | message                          |
        | a page  | half a PNG picture                             | The picture is damaged.          |
        | a page  | the first bytes of a PNG picture and a script  | The picture is damaged.          |
        | a page  | a PNG picture that claims 50000 x 50000 pixels | The picture has too many pixels. |

      Examples: in an app
        | through | picture                                        | message                          |
        | an app  | half a PNG picture                             | The picture is damaged.          |
        | an app  | the first bytes of a PNG picture and a script  | The picture is damaged.          |
        | an app  | a PNG picture that claims 50000 x 50000 pixels | The picture has too many pixels. |

    Scenario Outline: through <through>, <file> is refused
      When Mia tries to upload through <through> <file>
      Then Mia is told that this is of the wrong type
      And the reason given is "Choose a PNG, JPEG or WebP picture."
      And nothing has changed

      @browser
      Examples: on a page
        | through | file                               |
        | a page  | a letter called a picture          |
        | a page  | a GIF picture called a PNG picture |

      Examples: in an app
        | through | file                               |
        | an app  | a letter called a picture          |
        | an app  | a GIF picture called a PNG picture |

    Scenario Outline: through <through>, a <kind> picture of <size> is too large
      When Mia tries to upload through <through> a <kind> picture of <size>
      Then Mia is told that this is too large
      And nothing has changed

      @browser
      Examples: on a page
        | through | kind | size            |
        | a page  | JPEG | 5 MB and 1 byte |
        | a page  | PNG  | 6 MB            |

      Examples: in an app
        | through | kind | size            |
        | an app  | JPEG | 5 MB and 1 byte |
        | an app  | PNG  | 6 MB            |

  Rule: An order is of 1 to 100 pieces, and of no more than there are

    Scenario Outline: through <through>, <quantity> pieces cannot be ordered
      When Mia tries to order <quantity> Tea through <through>
      Then Mia is told that this is invalid
      And the fault is in the quantity: "<message>"
      And nothing has changed

      @browser
      Examples: on a page
        | through | quantity | message                           |
        | a page  | 0        | The quantity must be 1 or more.   |
        | a page  | -1       | The quantity must be 1 or more.   |
        | a page  | 101      | The quantity must be 100 or less. |

      Examples: in an app
        | through | quantity | message                           |
        | an app  | 0        | The quantity must be 1 or more.   |
        | an app  | -1       | The quantity must be 1 or more.   |
        | an app  | 101      | The quantity must be 100 or less. |

    Scenario Outline: through <through>, <quantity> pieces are too many
      When Mia tries to order <quantity> Tea through <through>
      Then Mia is told that this is in conflict
      And the reason given is "Only 10 left."
      And nothing has changed

      @browser
      Examples: on a page
        | through | quantity |
        | a page  | 11       |
        | a page  | 100      |

      Examples: in an app
        | through | quantity |
        | an app  | 11       |
        | an app  | 100      |
