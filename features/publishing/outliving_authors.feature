Feature: Posts that outlive their author
  Somebody who leaves takes their account along, but not the conversation:
  what they wrote stays readable for the others, without their name.

  Background:
    Given Ann is a member
    And Ben is a member
    And Ann has published "Bread on Sunday"
    And Ann has left the shop

  Rule: Posts stay when their author leaves, and nobody's name stands over them

    Scenario: A post is read after its author has left
      When Ben reads the post "Bread on Sunday"
      Then Ben is shown
        | title           | author |
        | Bread on Sunday | nobody |

    Scenario: Posts are listed after their author has left
      Given Ben has published "Lost cat"
      When Ben lists the posts
      Then Ben is shown
        | title           | author |
        | Lost cat        | Ben    |
        | Bread on Sunday | nobody |

  Rule: What nobody owns, only an admin changes

    Scenario: Another member tries to change a post that nobody owns
      When Ben tries to change the title of the post "Bread on Sunday" to "Mine now"
      Then Ben is told that this is forbidden
      And nothing has changed

    Scenario: An admin deletes a post that nobody owns
      When an admin deletes the post "Bread on Sunday"
      Then the post "Bread on Sunday" is gone

    Scenario: Somebody asks for the posts of a member who has left
      When Ben tries to list the posts of Ann
      Then Ben is told that this does not exist
      And the reason given is "There is no such user."
