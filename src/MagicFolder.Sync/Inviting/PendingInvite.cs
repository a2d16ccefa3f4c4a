using System.Collections.Immutable;
using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Sync.Inviting;

/// <summary>How far an invite is.</summary>
public enum InviteState
{
    /// <summary>Its keys are saved, but its objects may not be on the grid: the code was not given out.</summary>
    Prepared = 1,

    /// <summary>The code may be used.</summary>
    Waiting = 2,

    /// <summary>An answer was taken; the Collective or the reply may not be written yet.</summary>
    Answered = 3,

    /// <summary>The invitee is listed, and was told so.</summary>
    Joined = 4,

    /// <summary>It was too late.</summary>
    Expired = 5,

    /// <summary>The admin took it back.</summary>
    Cancelled = 6,

    /// <summary>An answer came, but nobody was added; <see cref="PendingInvite.Refusal"/> says why.</summary>
    Refused = 7,
}

/// <summary>An invite as the admin's computer keeps it. Immutable. Its secrets are gone when it is settled.</summary>
public sealed record PendingInvite
{
    /// <summary>32 hexadecimal digits; no secret.</summary>
    public required string Id { get; init; }

    public required string Petname { get; init; }

    public required ParticipantRole Role { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required InviteState State { get; init; }

    public InviteRefusal? Refusal { get; init; }

    /// <summary>To be compared with what the invitee is shown; null while there is no answer.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The code, to be shown again; null when it is of no use any more.</summary>
    public InviteCode? Code => State == InviteState.Waiting ? Secrets?.Code : null;

    /// <summary>Nothing will happen to it any more.</summary>
    public bool IsSettled => Secrets is null;

    /// <summary>What became of it, for people; null while it is under way.</summary>
    public string? Outcome => State == InviteState.Joined ? $"{Petname} has joined" : Refusal?.ToAdmin(Petname);

    internal InviteSecrets? Secrets { get; init; }

    internal PendingInvite Settled(InviteState state, InviteRefusal? refusal) => this with { State = state, Refusal = refusal, Secrets = null };

    /// <summary>Redacted.</summary>
    public override string ToString() => $"invite of {Petname} ({State})";
}

/// <summary>What the admin needs until an invite is settled.</summary>
/// <param name="Code">What was handed out.</param>
/// <param name="AnswerKey">PKCS#8 DER of the answer object's key.</param>
/// <param name="ReplyKey">PKCS#8 DER of the reply object's key.</param>
/// <param name="SealKey">The private key to which the answer is sealed.</param>
/// <param name="Answer">The sealed answer that was taken: whatever is written to the object later counts for nothing. Empty before.</param>
internal sealed record InviteSecrets(
    InviteCode Code, ImmutableArray<byte> AnswerKey, ImmutableArray<byte> ReplyKey, ImmutableArray<byte> SealKey, ImmutableArray<byte> Answer)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => "secrets of an invite";
}
