using System.Text;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>Nothing is written, read or deleted through a symbolic link that a member published.</summary>
public sealed class HostileLinkTests
{
    private static readonly byte[] Evil = "evil"u8.ToArray();

    [Fact]
    public async Task AFileBelowALinkIsNotWrittenThroughIt()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(
            world.Mallory.NewLeaf().Symlink("d"u8.ToArray(), world.Sentinel).File("d\0new"u8.ToArray(), BlobId.Of(Evil), 4).File("d\0secret"u8.ToArray(), BlobId.Of(Evil), 4), pack, place);

        await world.RunHonestlyAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADirectoryThatBecomesALinkIsNotFollowed(bool withChild)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("d"u8.ToArray()).File("d\0secret"u8.ToArray(), BlobId.Of(Evil), 4), pack, place);
        await world.RunHonestlyAsync();
        world.Cast.World.Read("bob", "d/secret").ShouldBe("evil");

        var next = new CraftedPack();
        place = next.Add(Evil);
        var leaf = world.Mallory.NewLeaf().Symlink("d"u8.ToArray(), world.Sentinel);
        if (withChild) leaf.File("d\0other"u8.ToArray(), BlobId.Of(Evil), 4);
        await world.Mallory.PublishLeafAsync(leaf, next, withChild ? [place] : []);
        await world.RunHonestlyAsync();
    }

    [Fact]
    public async Task ALinkThatBecomesADirectoryIsReplacedAndWhatItLedToStays()
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Symlink("d"u8.ToArray(), world.Sentinel));
        await world.RunHonestlyAsync();
        new FileInfo(world.Cast.World.At("bob", "d")).LinkTarget.ShouldBe(world.Sentinel);

        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Directory("d"u8.ToArray()).File("d\0secret"u8.ToArray(), BlobId.Of(Evil), 4), pack, place);
        await world.RunHonestlyAsync();
        world.Cast.World.Read("bob", "d/secret").ShouldBe("evil");

        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf());
        await world.RunHonestlyAsync();
    }

    [Fact]
    public async Task WhatALinkLeadsToIsNotTakenForContentOfTheFolder()
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Symlink("d"u8.ToArray(), world.Sentinel).Symlink("s"u8.ToArray(), Path.Combine(world.Sentinel, "secret")));
        await world.RunHonestlyAsync();
        await world.RunHonestlyAsync();

        await using var session = await world.Cast.OpenAsync(["bob"]);
        session.Participants[0].State!.Records.All().Select(record => record.Path.ToString()).ShouldNotContain("d/secret");
        session.Participants[0].State!.Records.All().Single(record => record.Path.ToString() == "s").Value.Kind.ShouldBe(EntryKind.Symlink);
    }

    public static TheoryData<string> BadTargets => new("", "a\0b", new string('t', 1 << 20), new string('t', 4097));

    [Theory]
    [MemberData(nameof(BadTargets))]
    public async Task ALinkWithATargetThatCannotBeIsRefused(string target)
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Symlink("link"u8.ToArray(), target));

        (await world.RunHonestlyAsync()).ShouldAllBe(line => line.Contains("mallory"));

        world.Cast.World.Names("bob").ShouldNotContain("link");
    }

    [Fact]
    public async Task AFileOfAnHonestMemberIsNotReplacedByALinkWithoutItsKnowledge()
    {
        using var world = await HostileWorld.StartAsync();
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().Symlink(Encoding.ASCII.GetBytes("of-alice"), Path.Combine(world.Sentinel, "secret")));

        await world.RunHonestlyAsync();

        new FileInfo(world.Cast.World.At("bob", "of-alice")).LinkTarget.ShouldBeNull();
    }
}
