// Rendered from connector/adapters/salesforce/package/labels.py.
import Title from '@salesforce/label/c.Dealgate_Title';
import IsReady from '@salesforce/label/c.Dealgate_IsReady';
import IsNeedsInfo from '@salesforce/label/c.Dealgate_IsNeedsInfo';
import IsNeedsSignOff from '@salesforce/label/c.Dealgate_IsNeedsSignOff';
import IsBlocked from '@salesforce/label/c.Dealgate_IsBlocked';
import IsException from '@salesforce/label/c.Dealgate_IsException';
import IsNotAssessed from '@salesforce/label/c.Dealgate_IsNotAssessed';
import Loading from '@salesforce/label/c.Dealgate_Loading';
import Refresh from '@salesforce/label/c.Dealgate_Refresh';
import Checking from '@salesforce/label/c.Dealgate_Checking';
import Silent from '@salesforce/label/c.Dealgate_Silent';
import NotYours from '@salesforce/label/c.Dealgate_NotYours';
import TooLong from '@salesforce/label/c.Dealgate_TooLong';
import CheckedAt from '@salesforce/label/c.Dealgate_CheckedAt';
import Blocks from '@salesforce/label/c.Dealgate_Blocks';
import Help from '@salesforce/label/c.Dealgate_Help';
import Asked from '@salesforce/label/c.Dealgate_Asked';
import Fine from '@salesforce/label/c.Dealgate_Fine';
import Requested from '@salesforce/label/c.Dealgate_Requested';
import MayStop from '@salesforce/label/c.Dealgate_MayStop';
import AfterOthers from '@salesforce/label/c.Dealgate_AfterOthers';
import Asks from '@salesforce/label/c.Dealgate_Asks';
import Agreed from '@salesforce/label/c.Dealgate_Agreed';
import SaidNo from '@salesforce/label/c.Dealgate_SaidNo';
import Noted from '@salesforce/label/c.Dealgate_Noted';
import Ask from '@salesforce/label/c.Dealgate_Ask';
import AskCase from '@salesforce/label/c.Dealgate_AskCase';
import AskCaseHint from '@salesforce/label/c.Dealgate_AskCaseHint';
import AskBy from '@salesforce/label/c.Dealgate_AskBy';
import AskSend from '@salesforce/label/c.Dealgate_AskSend';
import AskSent from '@salesforce/label/c.Dealgate_AskSent';
import TakeBack from '@salesforce/label/c.Dealgate_TakeBack';
import TakenBack from '@salesforce/label/c.Dealgate_TakenBack';
import Reply from '@salesforce/label/c.Dealgate_Reply';
import ReplyText from '@salesforce/label/c.Dealgate_ReplyText';
import ReplySend from '@salesforce/label/c.Dealgate_ReplySend';
import ReplySent from '@salesforce/label/c.Dealgate_ReplySent';
import Empty from '@salesforce/label/c.Dealgate_Empty';
import Decide from '@salesforce/label/c.Dealgate_Decide';
import Answer from '@salesforce/label/c.Dealgate_Answer';
import Yes from '@salesforce/label/c.Dealgate_Yes';
import YesUpTo from '@salesforce/label/c.Dealgate_YesUpTo';
import No from '@salesforce/label/c.Dealgate_No';
import Question from '@salesforce/label/c.Dealgate_Question';
import Limit from '@salesforce/label/c.Dealgate_Limit';
import LimitOn from '@salesforce/label/c.Dealgate_LimitOn';
import LimitHint from '@salesforce/label/c.Dealgate_LimitHint';
import LimitMissing from '@salesforce/label/c.Dealgate_LimitMissing';
import Until from '@salesforce/label/c.Dealgate_Until';
import DayOver from '@salesforce/label/c.Dealgate_DayOver';
import ForOperations from '@salesforce/label/c.Dealgate_ForOperations';
import Why from '@salesforce/label/c.Dealgate_Why';
import WhyMissing from '@salesforce/label/c.Dealgate_WhyMissing';
import TheQuestion from '@salesforce/label/c.Dealgate_TheQuestion';
import QuestionMissing from '@salesforce/label/c.Dealgate_QuestionMissing';
import AnswerMissing from '@salesforce/label/c.Dealgate_AnswerMissing';
import DecideSend from '@salesforce/label/c.Dealgate_DecideSend';
import Decided from '@salesforce/label/c.Dealgate_Decided';
import Cancel from '@salesforce/label/c.Dealgate_Cancel';
import Wrong from '@salesforce/label/c.Dealgate_Wrong';
import NoReason from '@salesforce/label/c.Dealgate_NoReason';

export const LABELS = {
    Title,
    IsReady,
    IsNeedsInfo,
    IsNeedsSignOff,
    IsBlocked,
    IsException,
    IsNotAssessed,
    Loading,
    Refresh,
    Checking,
    Silent,
    NotYours,
    TooLong,
    CheckedAt,
    Blocks,
    Help,
    Asked,
    Fine,
    Requested,
    MayStop,
    AfterOthers,
    Asks,
    Agreed,
    SaidNo,
    Noted,
    Ask,
    AskCase,
    AskCaseHint,
    AskBy,
    AskSend,
    AskSent,
    TakeBack,
    TakenBack,
    Reply,
    ReplyText,
    ReplySend,
    ReplySent,
    Empty,
    Decide,
    Answer,
    Yes,
    YesUpTo,
    No,
    Question,
    Limit,
    LimitOn,
    LimitHint,
    LimitMissing,
    Until,
    DayOver,
    ForOperations,
    Why,
    WhyMissing,
    TheQuestion,
    QuestionMissing,
    AnswerMissing,
    DecideSend,
    Decided,
    Cancel,
    Wrong,
    NoReason,
};

/** Put values into a label, in the places {0}, {1}, ... */
export function filled(label, ...values) {
    return values.reduce((text, one, place) => text.replaceAll(`{${place}}`, () => one), label);
}
