Feature: Filling in the forms
  Each field says what it is for, and a browser may fill in what it knows.
  A form that is refused comes back as it was filled in, so that nobody types anything twice.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Each field says what it is for

    Scenario: registering
      When the browser of an anonymous visitor asks for the page to register
      Then the form to register asks for
        | label    | kind     | filled in as | takes | hint                   |
        | Name     | text     | name         |       |                        |
        | E-mail   | email    | email        |       |                        |
        | Password | password | new-password |       | At least 8 characters. |

    Scenario: signing in
      When the browser of an anonymous visitor asks for the page to sign in
      Then the form to sign in asks for
        | label    | kind     | filled in as     | takes | hint |
        | E-mail   | email    | email            |       |      |
        | Password | password | current-password |       |      |

    Scenario: ordering
      When the browser of a user asks for the shop's page
      Then the form to order asks for
        | label               | kind   | filled in as | takes | hint |
        | Pieces of Product 1 | number |              |       |      |

    Scenario: what is one's own
      When the browser of a user asks for the dashboard
      Then the form to choose a city asks for
        | label | kind | filled in as   | takes | hint |
        | City  | text | address-level2 |       |      |
      And the form to show a picture asks for
        | label   | kind | filled in as | takes                           | hint                             |
        | Picture | file |              | image/png,image/jpeg,image/webp | PNG, JPEG or WebP, at most 5 MB. |

  Rule: A form that is refused comes back as it was filled in, with what is wrong

    Scenario Outline: whoever tries to register with the <field> <entered> need not fill in everything again
      When an anonymous visitor tries to register on the page with the <field> <entered>
      Then an anonymous visitor is told that this is <word>
      And the form is there again as it was filled in, but for <lost>
      And nothing has changed

      Examples: a registration
        | field    | entered        | word      | lost         |
        | name     | only spaces    | invalid   | the password |
        | e-mail   | "nina@example" | invalid   | the password |
        | password | "short"        | invalid   | the password |
        | name     | 300000 letters | too large | everything   |

    Scenario: whoever mistypes a password need not enter the e-mail again
      When a user tries to sign in on the page with the password "a wrong password"
      Then a user is told to sign in
      And the form is there again as it was filled in, but for the password
      And nothing has changed

    Scenario: whoever has to wait finds the form again
      Given a wrong password has been entered 5 times for a user
      When a user tries to sign in on the page with the password "a wrong password"
      Then a user is told that this is slowed down
      And the form is there again as it was filled in, but for the password
      And nothing has changed

    Scenario Outline: whoever tries to order <pieces> finds the number again
      When a user tries to order on the page with the pieces <pieces>
      Then a user is told that this is <word>
      And the form is there again as it was filled in
      And nothing has changed

      Examples: an order
        | pieces            | word        |
        | 0                 | invalid     |
        | "two"             | invalid     |
        | "²"               | invalid     |
        | 1000              | invalid     |
        | an endless number | invalid     |
        | 99                | in conflict |

    Scenario: whoever tries to order more than the books hold finds nothing taken from the shelf
      Given the shop sells Gold at 214748.37 EUR, 100 in stock
      When a user tries to order on the page 100 Gold
      Then a user is told that this is invalid
      And the fault is in the quantity: "An order may cost up to 21474836.47 EUR."
      And the page says "100 in stock"
      And nothing has changed

    Scenario: whoever sends the form of another session finds the number again
      When a user tries to order 3 pieces on the page with the form of another session
      Then a user is told that this is unreadable
      And the form is there again as it was filled in
      And nothing has changed

    Scenario: whoever cannot pay finds the number again
      Given the payment provider declines: "the card has expired"
      When a user tries to order on the page with the pieces 2
      Then a user is told that this is declined
      And the form is there again as it was filled in

    Scenario Outline: whoever tries to show <picture> finds the form again
      When a user tries to show on the page <picture>
      Then a user is told that this is <word>
      And the form is there again as it was filled in, but for the picture
      And nothing has changed

      Examples: a picture
        | picture                   | word              |
        | half a PNG picture        | invalid           |
        | a letter called a picture | of the wrong type |

    Scenario: whoever names no city is told so on the dashboard
      When a user tries to choose a city on the page with the city only spaces
      Then a user is told that this is invalid
      And the fault is in the city: "This must not be blank."
      And the form is there again as it was filled in, but for the city
      And nothing has changed
