using System.Buffers.Binary;
using System.Text;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests.Containers;

public class ContainerTests
{
    private static readonly byte[] NodeId = Enumerable.Range(0, 20).Select(i => (byte)i).ToArray();
    private static readonly Digest Enabler = Digest.From(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public void EveryMutableFixtureSurvivesParsingAndWriting()
    {
        var seen = 0;
        foreach (var path in Fixtures.Shares)
        {
            var file = File.ReadAllBytes(path);
            if (!MutableContainerHeader.IsMutable(file))
            {
                continue;
            }

            seen++;
            var container = MutableContainer.Parse(file);
            container.Version.ShouldBe(ContainerVersion.V2);
            container.Leases.Count.ShouldBe(1);
            container.Leases[0].Owner.ShouldBe(1u);
            var again = MutableContainer.Parse(container.Write());
            again.Data.Span.SequenceEqual(container.Data.Span).ShouldBeTrue();
            if (container.FileLength == file.Length)
            {
                container.Write().ShouldBe(file);
            }
        }

        seen.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void EveryImmutableFixtureHasItsHeaderAndOneLease()
    {
        var seen = 0;
        foreach (var path in Fixtures.Shares)
        {
            var file = File.ReadAllBytes(path);
            if (MutableContainerHeader.IsMutable(file))
            {
                continue;
            }

            seen++;
            var header = ImmutableContainerHeader.Parse(file);
            header.Version.ShouldBe(ContainerVersion.V2);
            header.LeaseCount.ShouldBe(1u);
            var data = header.DataLength(file.Length);
            BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4)).ShouldBe((uint)data);
            header.Leases(file.Length).ShouldBe((12 + data, 1u));

            var lease = Lease.ParseImmutable(file.AsSpan((int)(12 + data)));
            DateTimeOffset.FromUnixTimeSeconds(lease.Expiration).Year.ShouldBeInRange(2026, 2027);
            var record = new byte[Lease.ImmutableSize];
            lease.WriteImmutable(record);
            record.ShouldBe(file.AsSpan((int)(12 + data), Lease.ImmutableSize).ToArray());
        }

        seen.ShouldBe(9);
    }

    [Fact]
    public void TheMagicOfVersion2IsTheTaggedHashOfItsLine()
    {
        var line = "Tahoe mutable container v2\n"u8.ToArray();
        var hash = TaggedHash.Compute("allmydata_mutable_container_header"u8, line);
        MutableContainer.Create(NodeId, Enabler).Write().AsSpan(0, 32).ToArray().ShouldBe([.. line, .. hash.ToArray().AsSpan(0, 5)]);
    }

    [Fact]
    public void AnEmptyContainerHas472Bytes() => MutableContainer.Create(NodeId, Enabler).Write().Length.ShouldBe(472);

    [Fact]
    public void Version1KeepsItsLeaseSecretsInClear()
    {
        var secrets = Secrets(3);
        var record = new byte[Lease.MutableSize];
        Lease.Create(ContainerVersion.V1, 1, 1000, secrets, NodeId).WriteMutable(record);
        record.AsSpan(8, 32).ToArray().ShouldBe(secrets.Renew.ToArray());

        Lease.Create(ContainerVersion.V2, 1, 1000, secrets, NodeId).WriteMutable(record);
        record.AsSpan(8, 32).ToArray().ShouldBe(Blake2b256.Hash(secrets.Renew.ToArray()));
        record.AsSpan(40, 32).ToArray().ShouldBe(Blake2b256.Hash(secrets.Cancel.ToArray()));
        record.AsSpan(72).ToArray().ShouldBe(NodeId);
    }

    [Fact]
    public void AVersion1ContainerIsReadAndStaysVersion1()
    {
        var file = MutableContainer.Create(NodeId, Enabler).WithData("data"u8.ToArray()).Write();
        Convert.FromHexString("5461686f65206d757461626c6520636f6e7461696e65722076310a750944038e").CopyTo(file, 0);

        var changed = MutableContainer.Parse(file).WithLease(Secrets(1), 99, NodeId);
        changed.Version.ShouldBe(ContainerVersion.V1);
        MutableContainer.Parse(changed.Write()).Leases[0].BelongsTo(ContainerVersion.V1, Secrets(1)).ShouldBeTrue();
    }

    [Fact]
    public void MoreLeasesThanSlotsGoBehindTheData()
    {
        var container = MutableContainer.Create(NodeId, Enabler).WithData(Encoding.ASCII.GetBytes("0123456789"));
        for (var i = 0; i < 7; i++)
        {
            container = container.WithLease(Secrets(i), (uint)(100 + i), NodeId);
        }

        var again = MutableContainer.Parse(container.Write());
        again.Leases.Select(l => l.Expiration).ShouldBe([100u, 101u, 102u, 103u, 104u, 105u, 106u]);
        again.Data.ToArray().ShouldBe("0123456789"u8.ToArray());
    }

    [Fact]
    public void ARenewalRaisesAnExpirationAndNeverLowersIt()
    {
        var container = MutableContainer.Create(NodeId, Enabler).WithLease(Secrets(1), 100, NodeId);
        container.WithLease(Secrets(1), 90, NodeId).Leases[0].Expiration.ShouldBe(100u);
        container.WithLease(Secrets(1), 110, NodeId).Leases.Single().Expiration.ShouldBe(110u);
        container.WithLease(Secrets(2), 90, NodeId).Leases.Count.ShouldBe(2);
    }

    [Fact]
    public void DamagedContainersEndInTheirOneException()
    {
        var random = new Random(5);
        var good = MutableContainer.Create(NodeId, Enabler).WithData(new byte[100]).WithLease(Secrets(1), 1, NodeId).Write();
        for (var round = 0; round < 20_000; round++)
        {
            var bad = good.AsSpan(0, round % 3 == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var i = random.Next(4); i >= 0 && bad.Length > 0; i--)
            {
                bad[random.Next(Math.Min(bad.Length, round % 2 == 0 ? 100 : bad.Length))] = (byte)random.Next(256);
            }

            try
            {
                MutableContainer.Parse(bad).Data.Length.ShouldBeLessThanOrEqualTo(bad.Length);
            }
            catch (DamagedContainerException)
            {
                // What hostile bytes are for.
            }

            try
            {
                var header = ImmutableContainerHeader.Parse(bad);
                header.DataLength(bad.Length).ShouldBeInRange(0, bad.Length);
                var (start, count) = header.Leases(bad.Length);
                (start + (72L * count)).ShouldBeInRange(12, bad.Length);
            }
            catch (DamagedContainerException)
            {
            }
        }
    }

    [Fact]
    public void ACountOfMoreLeasesThanTheFileHoldsIsRefused()
    {
        var file = MutableContainer.Create(NodeId, Enabler).Write();
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(468), uint.MaxValue);
        Should.Throw<DamagedContainerException>(() => MutableContainer.Parse(file)).Fault.ShouldBe(ContainerFault.Truncated);

        Should.Throw<DamagedContainerException>(() => new ImmutableContainerHeader(ContainerVersion.V2, uint.MaxValue, 0).DataLength(1 << 20))
            .Fault.ShouldBe(ContainerFault.Truncated);
    }

    [Theory]
    [InlineData(100u, 0, 112, 1u)]
    [InlineData(100u, 1, 112, 1u)]
    [InlineData(100u, 71, 112, 1u)]
    [InlineData(100u, 72, 112, 2u)]
    [InlineData(100u, 73, 185, 1u)]
    [InlineData(101u, 0, 112, 1u)]
    [InlineData(uint.MaxValue, 0, 112, 1u)]
    [InlineData(uint.MaxValue, 72, 184, 1u)]
    public void LeasesBeginWhereTheHeaderSaysUnlessNoWriterLeftItSo(uint field, int more, long start, uint count) =>
        new ImmutableContainerHeader(ContainerVersion.V2, 1, field).Leases(12 + 100 + 72 + more).ShouldBe((start, count));

    private static LeaseSecrets Secrets(int who) =>
        LeaseSecrets.Derive(Enumerable.Repeat((byte)who, 32).ToArray(), MagicFolder.Tahoe.Capabilities.StorageIndex.From(new byte[16]), NodeId);
}
