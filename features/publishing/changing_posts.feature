Feature: Changing and deleting posts
  What somebody wrote is theirs: nobody else puts words into their mouth.
  An admin may step in.

  Background:
    Given Ann is a member
    And Ann has published "Bread on Sunday"

  Rule: The author or an admin may change a post, and delete it

    Scenario Outline: <who> may change a post
      When <who> changes the title of the post "Bread on Sunday" to "Bread on Monday"
      Then <who> succeeds
      And the post "Bread on Sunday" is now called "Bread on Monday"

      Examples: who may change
        | who      |
        | Ann      |
        | an admin |

    Scenario Outline: <who> may delete a post
      When <who> deletes the post "Bread on Sunday"
      Then <who> succeeds
      And the post "Bread on Sunday" is gone

      Examples: who may delete
        | who      |
        | Ann      |
        | an admin |

    @fixture.clock
    Scenario: A post says when it was written, and when it was changed
      When 30 minutes pass
      And Ann changes the body of the post "Bread on Sunday" to "Sold out."
      Then the post was changed 30 minutes after it was published
      And it was published at noon

    Scenario: Lines end alike, whatever they were written on
      When Ann changes the body of the post "Bread on Sunday" to two lines of another system
      Then the post "Bread on Sunday" now says two lines

    Scenario: A new text leaves the title alone
      When Ann changes the body of the post "Bread on Sunday" to "Sold out."
      Then Ann is shown
        | title           | text      | author |
        | Bread on Sunday | Sold out. | Ann    |

    Scenario: An admin who changes a post does not become its author
      When an admin changes the title of the post "Bread on Sunday" to "Bread on Monday"
      Then an admin is shown
        | title           | author |
        | Bread on Monday | Ann    |

    Scenario: What is deleted cannot be read any more
      Given Ben is a member
      When Ann deletes the post "Bread on Sunday"
      And Ben tries to read the post "Bread on Sunday"
      Then Ben is told that this does not exist
      And the reason given is "There is no such post."

    Scenario: What is deleted cannot be deleted again
      When Ann deletes the post "Bread on Sunday"
      And Ann tries to delete the post "Bread on Sunday"
      Then Ann is told that this does not exist
      And nothing has changed

  Rule: Nobody else changes a post

    Scenario: Somebody else tries to change a post
      Given Ben is a member
      When Ben tries to change the title of the post "Bread on Sunday" to "Ben was here"
      Then Ben is told that this is forbidden
      And the reason given is "Only its author or an admin may change a post."
      And nothing has changed

    Scenario: Somebody else tries to delete a post
      Given Ben is a member
      When Ben tries to delete the post "Bread on Sunday"
      Then Ben is told that this is forbidden
      And the reason given is "Only its author or an admin may change a post."
      And nothing has changed

  Rule: A changed post follows the rules of a new one

    Scenario Outline: The <field> of a post cannot become <entered>
      When Ann tries to change the <field> of the post "Bread on Sunday" to <entered>
      Then Ann is told that this is invalid
      And the fault is in the <field>: "<told>"
      And nothing has changed

      Examples: bad changes
        | field     | entered       | told                                        |
        | title     | empty         | This must not be blank.                     |
        | title     | 121 letters   | The title may have at most 120 characters.  |
        | title     | null          | The title must be text.                     |
        | body      | only spaces   | This must not be blank.                     |
        | body      | 10001 letters | The body may have at most 10000 characters. |
        | author id | 1             | There is no such field.                     |
