using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.State;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// What came out of a swap looked changed, and when it was to go back, what had been put there was changed as well, so that this stayed in place and the other was kept aside.
/// </summary>
internal static class SwappedAfterAll
{
    /// <summary>
    /// Done, if what was kept aside is the recorded version after all, only touched: who changed what is in place since had that in front of them. Null, if it was edited: then what is in
    /// place counts as a change of the recorded version, and the edit comes back beside it.
    /// </summary>
    internal static ApplyOutcome? Judge(IDisk disk, ApplyStep step)
    {
        if (step is not { Outcome: { Kind: ApplyKind.KeptAside, InPlace: { } there }, Former: { } former, Intent.Staged: { } staged }) return null;
        // Where the disk numbers nothing, nobody knows whose it is.
        if (there.ToSignature().IsThing(staged.Inode, staged.Device) is not true) return null;
        try
        {
            var aside = new StagedLeftover(step.Intent.Stage, step.Path, former.Dots, former.Value, former.Signature, 0);
            if (ContentRecognition.StatIfStill(disk, aside) is null) return null;
        }
        catch (DiskException)
        {
            return null;
        }
        // As it was put there: what differs is a change that the next scan sees.
        var put = there.Kind == DiskKind.Directory ? there : there with { Size = staged.Size, MtimeNs = staged.MtimeNs, CtimeNs = staged.CtimeNs };
        return new ApplyOutcome(ApplyKind.Done, put, StageHoldsOld: true, Problem: null);
    }
}
