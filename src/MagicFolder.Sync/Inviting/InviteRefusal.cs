namespace MagicFolder.Sync.Inviting;

/// <summary>Why an invite came to nothing. The numbers are part of the format (docs/formats/invite.md).</summary>
public enum InviteRefusal
{
    /// <summary>The admin's computer found the answer too late, or none in time.</summary>
    Expired = 1,

    /// <summary>The admin took it back.</summary>
    Cancelled = 2,

    /// <summary>Somebody else has the petname by now.</summary>
    PetnameTaken = 3,

    /// <summary>The Personal in the answer is that of somebody who takes part, or did.</summary>
    AlreadyListed = 4,

    /// <summary>There are too many participants.</summary>
    Full = 5,

    /// <summary>What was written as the answer is none. The code was in wrong hands, or is.</summary>
    InvalidAnswer = 6,
}

/// <summary>What both sides read about it.</summary>
internal static class InviteRefusals
{
    /// <summary>For the invitee: what happened, and what to do.</summary>
    internal static string ToInvitee(this InviteRefusal refusal, InviteCode code) => refusal switch
    {
        InviteRefusal.Expired => $"The invite to {code.FolderName} had expired when the admin's computer looked; ask the admin for a new code.",
        InviteRefusal.Cancelled => $"The admin of {code.FolderName} has taken this invite back; ask the admin for a new code.",
        InviteRefusal.PetnameTaken => $"Somebody else in {code.FolderName} is called {code.Petname} by now; ask the admin for a code with another name.",
        InviteRefusal.AlreadyListed => $"This computer takes part in {code.FolderName} already, or was removed from it; ask the admin for a new code and join anew.",
        InviteRefusal.Full => $"{code.FolderName} has as many participants as a folder can have.",
        _ => $"The admin's computer could not use the answer to this code of {code.FolderName}; ask the admin for a new code.",
    };

    /// <summary>For the admin.</summary>
    internal static string ToAdmin(this InviteRefusal refusal, string petname) => refusal switch
    {
        InviteRefusal.Expired => $"the invite of {petname} has expired",
        InviteRefusal.Cancelled => $"the invite of {petname} was taken back",
        InviteRefusal.PetnameTaken => $"the name {petname} was taken by somebody else meanwhile; invite again with another name",
        InviteRefusal.AlreadyListed => $"whoever answered the invite of {petname} is listed already; nothing was changed",
        InviteRefusal.Full => "the folder has as many participants as it can have",
        _ => $"what was written as the answer to the invite of {petname} is none: the code was in wrong hands; invite again, and send the code in another way",
    };
}
