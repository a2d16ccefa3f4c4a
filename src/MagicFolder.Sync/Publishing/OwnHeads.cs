using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Sync.Publishing;

/// <summary>What stands in our own Personal, by what this state knows of what it published.</summary>
internal enum OwnHeadKind
{
    /// <summary>What this state published last, or the past that it joined; or nothing when it published nothing.</summary>
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
        if (head.Snapshot == versions.PublishedSnapshot) return OwnHeadKind.Current;
        if (head.Actor == tools.Identity.Actor) return head.Seq < versions.PublishedSeq ? OwnHeadKind.Older : OwnHeadKind.Foreign;
        // The actor before this one, whose past was joined when this one began.
        if (parts.State.Heads.Find(Convert.ToHexStringLower(parts.Personal.Fingerprint.ToArray())) is not { } past)
            return versions.PublishedSnapshot is null ? OwnHeadKind.NewerPast : OwnHeadKind.Foreign;
        if (head.Actor != past.Actor) return OwnHeadKind.Foreign;
        if (head.Seq < past.Seq || (head.Seq == past.Seq && head.Snapshot == past.Snapshot)) return OwnHeadKind.Older;
        return head.Seq > past.Seq && versions.PublishedSnapshot == past.Snapshot ? OwnHeadKind.NewerPast : OwnHeadKind.Foreign;
    }
}
