using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The file of a mutable share on a server.</summary>
internal sealed class MutableContainerTarget : FuzzTarget
{
    public override string Name => "mutable-container";

    public override byte[] Generate(Random random)
    {
        var node = Some.Bytes(random, Lease.NodeIdSize);
        var container = MutableContainer.Create(node, Some.Digest(random)).WithData(Some.Bytes(random, random.Next(60)));
        for (int leases = random.Next(7); leases > 0; leases--)
            container = container.WithLease(new LeaseSecrets(Some.Digest(random), Some.Digest(random)), (uint)random.Next(), node);
        byte[] file = container.Write();
        if (random.Next(3) == 0) MutableContainerHeader.Magic(ContainerVersion.V1).CopyTo(file);
        return file;
    }

    public override string Run(byte[] input)
    {
        var container = MutableContainer.Parse(input);
        byte[] again = container.Write();
        // A gap before the extra leases and bytes behind them are dropped, empty slots close up; what is written then stays.
        Promise(again.Length <= Math.Max(input.Length, MutableContainerHeader.DataOffset + 4), "it grew");
        var second = MutableContainer.Parse(again);
        PromiseSame(again, second.Write());
        Promise(second.Data.Span.SequenceEqual(container.Data.Span) && second.Leases.Count == container.Leases.Count, "something was lost");
        return $"{container.Version} {Size(container.Data.Length)} {Size(container.Leases.Count)} {again.Length == input.Length}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedContainerException;
}
