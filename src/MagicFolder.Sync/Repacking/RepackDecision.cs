namespace MagicFolder.Sync.Repacking;

/// <summary>
/// Which packs are worth leaving: those that are mostly dead, and small ones that make fewer packs together. What is copied at one time is bounded; the rest comes another time. Packs that were written by
/// this are full, but for one, so it comes to an end.
/// </summary>
/// <param name="TargetSize">Bytes of a full pack.</param>
/// <param name="LeastGain">Dead bytes for which one pack alone is written anew.</param>
/// <param name="LeastSmall">So many small packs are worth the trouble, not fewer: they come with every publication.</param>
/// <param name="MostCopied">Bytes copied at one time.</param>
internal sealed record RepackDecision(long TargetSize, long LeastGain, int LeastSmall, long MostCopied)
{
    internal static readonly RepackDecision Default = new(16L << 20, 1L << 20, 8, 256L << 20);

    /// <summary>The packs to leave, all of them or as many as may be copied at one time: what wins most for its copying first.</summary>
    /// <param name="packs">Each once.</param>
    internal IReadOnlyList<PackUse> Choose(IReadOnlyCollection<PackUse> packs)
    {
        var chosen = new List<PackUse>();
        long copied = 0;
        foreach (var pack in packs.Where(IsMostlyDead).OrderBy(pack => (double)pack.Live / pack.Size)) Add(pack);
        int dead = chosen.Count;
        foreach (var pack in packs.Where(pack => !IsMostlyDead(pack) && IsSmall(pack)).OrderBy(pack => pack.Size)) Add(pack);
        if (chosen.Count - dead < LeastSmall) chosen.RemoveRange(dead, chosen.Count - dead);
        return chosen;

        void Add(PackUse pack)
        {
            if (copied + pack.Live > MostCopied) return;
            copied += pack.Live;
            chosen.Add(pack);
        }
    }

    private bool IsMostlyDead(PackUse pack) => pack.Live < pack.Size / 2 && pack.Size - pack.Live >= LeastGain;

    private bool IsSmall(PackUse pack) => pack.Size < TargetSize / 4;
}
