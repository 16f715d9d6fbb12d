"""The one catalogue of what people read in the CRM, in mails and on pages (design 9). English.

One file for each reader or room; callers write `texts.NAME`. Words in, sentence out: nothing is decided here.
"Agreed range" is the word for what a yes covers; reps and approvers never read verdict, finding, envelope,
assessed or owed.
"""

from connector.texts.approver import *
from connector.texts.keeper import *
from connector.texts.pages import *
from connector.texts.refusals import *
from connector.texts.rep import *
from connector.texts.rules import *
from connector.texts.sentence import *
from connector.texts.words import *
