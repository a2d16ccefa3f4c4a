using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Sync.Publishing;

/// <summary>What stands in our own Personal, by what this state knows of what it published.</summary>
internal enum OwnHeadKind
{
    /// <summary>What this state published last or has sealed since, or the past that it joined; or nothing when it published nothing.</summary>
    Current,

    /// <summary>From before that: the storage was rolled back, or one of its servers lags.</summary>
    Older,

    /// <summary>This state is new and has published nothing: the past of its participant, to be joined; or more of it, when it had been read from a server that lagged.</summary>
    NewerPast,

    /// <summary>A second writer.</summary>
    Foreign,
}

/// <summary>Judges heads that are read from our own Personal.</summary>
internal static class OwnHeads
{
    internal static OwnHeadKind Judge(EngineParts parts, EngineTools tools, Head? head)
    {
        var versions = parts.State.Versions.Read()!;
        if (head is null) return versions.PublishedSnapshot is null ? OwnHeadKind.Current : OwnHeadKind.Older;
        if (head.Snapshot == versions.PublishedSnapshot || head.Snapshot == parts.State.Sealed.Read()?.Id) return OwnHeadKind.Current;
        if (head.Actor == tools.Identity.Actor) return head.Seq < versions.PublishedSeq ? OwnHeadKind.Older : OwnHeadKind.Foreign;
        // The actor before this one, whose past was joined when this one began.
        if (parts.State.Heads.Find(Convert.ToHexStringLower(parts.Personal.Fingerprint.ToArray())) is not { } past)
            return versions.PublishedSnapshot is null ? OwnHeadKind.NewerPast : OwnHeadKind.Foreign;
        // Of that actor, or of one before it.
        if (parts.State.Observations.Find(head.Actor) is { } known && (head.Seq < known.Seq || (head.Seq == known.Seq && head.Snapshot == known.Snapshot))) return OwnHeadKind.Older;
        if (versions.PublishedSnapshot != past.Snapshot) return OwnHeadKind.Foreign;
        // Nothing of this actor is there yet, so it is the rest of the past: perhaps of an actor after the one whose head a server that lagged had shown.
        return head.Actor != past.Actor || head.Seq > past.Seq ? OwnHeadKind.NewerPast : OwnHeadKind.Foreign;
    }
}
