@critical
Feature: Deleting an account
  When an account goes, its owner cannot come back by it.
  What others rely on stays: the orders for the books, and the posts without a name.

  Background:
    Given Ada is an admin
    And Mia is a member

  Rule: A deleted account opens nothing

    Scenario: an admin deletes an account
      When Ada deletes the account of Mia
      Then Ada succeeds
      And Mia has no account any more

    Scenario: a deleted member is signed out everywhere
      Given Mia has also signed in on the phone
      When Ada deletes the account of Mia
      Then Mia has to sign in again
      And Mia on the phone has to sign in again

    Scenario: a deleted member cannot sign in
      When Ada deletes the account of Mia
      And Mia tries to sign in
      Then Mia is told to sign in
      And nothing has changed

    Scenario: a deleted member is no longer seen
      When Ada deletes the account of Mia
      And Ada tries to look at the account of Mia
      Then Ada is told that this does not exist

    Scenario: whoever registers next does not take the place of a deleted account
      When Ada deletes the account of Mia
      And an anonymous visitor registers as Nina
      And the background work is done
      Then Nina is told by e-mail "Welcome!"
      When Ada tries to look at the account of Mia
      Then Ada is told that this does not exist

    Scenario: an account that is gone cannot be deleted again
      When Ada deletes the account of Mia
      And Ada tries to delete the account of Mia
      Then Ada is told that this does not exist
      And nothing has changed

    Scenario: the e-mail of a deleted account is free again
      Given Nina has registered
      When Ada deletes the account of Nina
      And an anonymous visitor registers as Nina
      And the background work is done
      Then there is one account with the e-mail "nina@example.com"
      And Nina is told by e-mail "Welcome!"

    Scenario: whoever is deleted before the welcome is not welcomed
      When an anonymous visitor registers as Nina
      Then the welcome is queued for Nina
      When Ada deletes the account of Nina
      And the background work is done
      Then nobody is told anything by e-mail

  Rule: What others rely on stays

    Scenario: the orders stay for the books
      Given Mia has placed an order and published a post
      When Ada deletes the account of Mia
      Then Ada finds the order of Mia in the books

    Scenario: the posts stay, without an author
      Given Mia has placed an order and published a post
      And Max is a member
      When Ada deletes the account of Mia
      Then Max can read the post, which names no author any more

    Scenario: other accounts are left alone
      Given Max is a member
      When Ada deletes the account of Mia
      Then Max is still signed in
