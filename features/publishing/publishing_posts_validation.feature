Feature: Trying to publish posts that cannot be
  A post without a title cannot be found again, and one without a text says nothing.
  Whoever tries is told which field to mend, and nothing is published.

  Background:
    Given Ann is a member

  Rule: A post has a title of one line, with up to 120 characters

    Scenario Outline: A title may be <title>
      When Ann publishes a post with the title <title>
      Then Ann succeeds

      Examples: good titles
        | title       |
        | 1 letter    |
        | 120 letters |

    Scenario Outline: A title cannot be <title>
      When Ann tries to publish a post with the title <title>
      Then Ann is told that this is invalid
      And the fault is in the title: "<told>"
      And nothing has changed

      Examples: bad titles
        | title               | told                                        |
        | missing             | The title is missing.                       |
        | empty               | This must not be blank.                     |
        | only spaces         | This must not be blank.                     |
        | 121 letters         | The title may have at most 120 characters.  |
        | two lines           | Enter one line, without control characters. |
        | a control character | Enter one line, without control characters. |
        | 7                   | The title must be text.                     |
        | null                | The title must be text.                     |
        | a list              | The title must be text.                     |

  Rule: A post has a text, with up to 10,000 characters

    Scenario Outline: A text may be <text>
      When Ann publishes a post with the body <text>
      Then Ann succeeds

      Examples: good texts
        | text          |
        | 1 letter      |
        | two lines     |
        | 10000 letters |

    Scenario Outline: A text cannot be <text>
      When Ann tries to publish a post with the body <text>
      Then Ann is told that this is invalid
      And the fault is in the body: "<told>"
      And nothing has changed

      Examples: bad texts
        | text                | told                                        |
        | missing             | The body is missing.                        |
        | empty               | This must not be blank.                     |
        | only spaces         | This must not be blank.                     |
        | 10001 letters       | The body may have at most 10000 characters. |
        | a control character | Control characters are not allowed.         |
        | 7                   | The body must be text.                      |

  Rule: Nobody publishes in somebody else's name

    Scenario Outline: The <field> of a post cannot be chosen
      When Ann tries to publish a post with the <field> <entered>
      Then Ann is told that this is invalid
      And the fault is in the <field>: "There is no such field."
      And nothing has changed

      Examples: what the shop decides
        | field      | entered      |
        | author     | "Ben"        |
        | author id  | 1            |
        | created at | "2020-01-01" |
        | id         | 1            |
