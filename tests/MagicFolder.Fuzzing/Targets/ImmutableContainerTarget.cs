using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The file of an immutable share on a server: header, data, leases.</summary>
internal sealed class ImmutableContainerTarget : FuzzTarget
{
    public override string Name => "immutable-container";

    public override byte[] Generate(Random random)
    {
        int leases = random.Next(4);
        int data = random.Next(40);
        var file = new byte[ImmutableContainerHeader.Size + data + (leases * Lease.ImmutableSize)];
        random.NextBytes(file);
        ImmutableContainerHeader.Of((ContainerVersion)random.Next(1, 3), (uint)leases, data).Write(file);
        return file;
    }

    public override string Run(byte[] input)
    {
        var header = ImmutableContainerHeader.Parse(input);
        long length = header.DataLength(input.Length);
        var again = new byte[input.Length];
        input.CopyTo(again, 0);
        header.Write(again);
        for (uint i = 0; i < header.LeaseCount; i++)
        {
            int at = checked((int)(ImmutableContainerHeader.Size + length + (i * Lease.ImmutableSize)));
            Lease.ParseImmutable(input.AsSpan(at, Lease.ImmutableSize)).WriteImmutable(again.AsSpan(at));
        }
        PromiseSame(input, again);
        return $"{header.Version} {Size(header.LeaseCount)} {Size(length)}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedContainerException;

    public override long AllocationLimit(int length) => (64 << 10) + (8L * length);
}
