using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Fuzzing.Targets;

internal sealed class SnapshotTarget : FuzzTarget
{
    public override string Name => "snapshot";

    public override bool IsCbor => true;

    public override byte[] Generate(Random random)
    {
        var self = new ActorId(99);
        var observed = Observed.None;
        for (int i = random.Next(5); i > 0; i--)
            observed = observed.With(new Observation(Some.Actor(random), Some.Positive(random), Some.Id(random), Some.Frozen(random, 16), Some.Frozen(random, 32), Some.Frozen(random, random.Next(1, 260))));
        return new Snapshot(new FolderId((UInt128)random.Next()), Some.Id(random), self, Some.Positive(random), random.NextInt64(long.MinValue, long.MaxValue), random.Next(2) == 0 ? null : Some.Id(random), observed).Encode();
    }

    public override string Run(byte[] input)
    {
        var snapshot = Snapshot.Decode(input);
        PromiseSame(input, snapshot.Encode());
        Promise(snapshot.Context[snapshot.Actor] == snapshot.Seq, "it does not cover itself");
        return $"{Size(snapshot.Observed.Count)} observed, parent {snapshot.Parent is not null}, before the epoch {snapshot.TimeMs < 0}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
