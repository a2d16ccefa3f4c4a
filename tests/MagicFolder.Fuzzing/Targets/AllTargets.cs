namespace MagicFolder.Fuzzing.Targets;

internal static class AllTargets
{
    private static readonly FuzzTarget[] All =
    [
        new CapTarget(), new ImmutableContainerTarget(), new MutableContainerTarget(), new ChkShareTarget(), new ChkSpreadTarget(), new SdmfShareTarget(), new MdmfShareTarget(), new DirectoryTarget(),
        new DmtNodeTarget(), new SnapshotTarget(), new HeadTarget(), new CollectiveTarget(), new PathTarget(), new MarkerTarget(),
        new KeyTarget(), new TreeTarget(), new ChunkListTarget(), new PackTarget(), new LocationTableTarget(), new CompressedBlobTarget(), new ConfigurationTarget(),
        new IgnoreRulesTarget(), new InviteCodeTarget(), InviteMessageTarget.AnswerObject, InviteMessageTarget.ReplyObject, InviteMessageTarget.Answer, InviteMessageTarget.Reply,
    ];

    public static IReadOnlyList<string> Names => Array.ConvertAll(All, target => target.Name);

    public static IReadOnlyList<FuzzTarget> Every => All;

    /// <summary>Null when a name is unknown.</summary>
    public static IReadOnlyList<FuzzTarget>? Find(string names)
    {
        if (names == "all") return All;
        var found = new List<FuzzTarget>();
        foreach (string name in names.Split(','))
        {
            if (Array.Find(All, target => target.Name == name) is not { } target) return null;
            found.Add(target);
        }
        return found;
    }
}
