namespace MagicFolder.Simulation.Oracles;

/// <summary>One change that a user made at one place, with what was in front of them there.</summary>
internal sealed class UserEvent(int id, int participant, string place, string logical, string? value)
{
    /// <summary>From 0, in true order.</summary>
    public int Id { get; } = id;

    /// <summary>Whose user.</summary>
    public int Participant { get; } = participant;

    /// <summary>The path on the disk.</summary>
    public string Place { get; } = place;

    /// <summary>The path that it is a version of.</summary>
    public string Logical { get; } = logical;

    /// <summary>What stands there since; null for a deletion.</summary>
    public string? Value { get; } = value;

    /// <summary>The engine may rightly never have seen this version, e.g. the user put back what the engine knew.</summary>
    public bool Weak { get; set; }

    /// <summary>To the engine it is a file that appears: it has never seen anything else there.</summary>
    public bool IsCreation { get; set; }

    /// <summary>
    /// Written to a file that the engine had taken out of its place. What is rescued stands beside that place or, when its directory has gone, in the nearest one above.
    /// </summary>
    public bool IsLate { get; init; }

    /// <summary>An edit of a conflict file: stays on this participant's disk until its conflict clears.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>
    /// Nothing that the user did to this place: they removed the conflict file that stood there, and so decided for what stands under the path's own name. That is as if they had made it anew, with
    /// what they decided against in front of them. Null for all else.
    /// </summary>
    public string? DecidedAt { get; init; }

    /// <summary>A round that began after it ended well: it has been captured and published.</summary>
    public bool Settled { get; set; }

    /// <summary>A head of its participant that surely tells of it.</summary>
    public long? PublishedBy { get; set; }

    /// <summary>It stood there when such a round began: so it is a version that must never be lost, whatever follows it.</summary>
    public bool IsStored { get; set; }

    /// <summary>Events that replaced this version, with it in front of their user.</summary>
    public List<Succession> Successors { get; } = [];

    /// <summary>The same for another oracle, without its successors.</summary>
    public UserEvent CopyAlone() => new(Id, Participant, Place, Logical, Value)
    {
        DecidedAt = DecidedAt,
        Weak = Weak,
        IsCreation = IsCreation,
        IsLate = IsLate,
        LocalOnly = LocalOnly,
        Settled = Settled,
        PublishedBy = PublishedBy,
        IsStored = IsStored,
    };

    public bool IsSuperseded => Successors.Exists(s => s.Certain);

    public bool MayBeSuperseded => Successors.Count > 0;

    /// <summary>Did somebody decide for this version, so that theirs stands for it?</summary>
    public bool IsRenewedBy(Func<UserEvent, bool> decision) => Successors.Exists(s => s is { Certain: true, By.DecidedAt: not null } && s.By.Value == Value && decision(s.By));

    public override string ToString() => $"#{Id} {(char)('A' + Participant)} {Place} = {Value ?? "(deleted)"}";
}

/// <summary>One event followed another. Uncertain when the engine may rightly see it otherwise, e.g. in a race or after a lost state.</summary>
internal sealed class Succession(UserEvent by, bool certain)
{
    public UserEvent By { get; } = by;

    public bool Certain { get; set; } = certain;
}
