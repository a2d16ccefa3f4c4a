using System.Collections.Concurrent;
using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Contents;

/// <summary>Many small contents at once: each is passed as it should be, or not at all.</summary>
public sealed class SmallContentsTests
{
    private static readonly PackOptions SmallPacks = new() { TargetSize = 256 << 10, Background = false };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task EachIsPassedOnce(int threads)
    {
        await using var room = new Room(options: SmallPacks);
        var contents = await StoreAsync(room, 300);
        var passed = new ConcurrentDictionary<int, byte[]>();

        var read = await ReadAsync(room, contents, threads, (index, bytes) => passed.TryAdd(index, bytes.ToArray()).ShouldBeTrue());

        read.ShouldAllBe(was => was);
        for (int i = 0; i < contents.Count; i++) passed[i].ShouldBe(contents[i]);
        room.Grid.OpenHandles.ShouldBe(0);
        foreach (byte[] content in contents) room.Catalog.IsConfirmed(BlobId.Of(content), room.Catalog.Find(BlobId.Of(content))[0]).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task WhatLiesElsewhereIsNotPassed(int threads)
    {
        await using var stored = new Room(options: SmallPacks);
        var contents = await StoreAsync(stored, 20);
        await using var room = new Room(stored.Grid, SmallPacks);
        // Each is claimed to lie where its neighbour does, but for the first; the second is claimed outside of its pack, and the third in no pack.
        for (int i = 0; i < contents.Count; i++)
        {
            var place = stored.Catalog.Find(BlobId.Of(contents[i == 0 ? 0 : (i + 1) % contents.Count]))[0];
            if (i == 1) place = place with { Offset = 1L << 40 };
            if (i == 2) place = place with { Pack = new PackRef("URI:nothing") };
            room.Catalog.Add(BlobId.Of(contents[i]), place with { PlainLength = contents[i].Length, StoredLength = place.Encoding == BlobEncoding.Deflate ? place.StoredLength : contents[i].Length });
        }
        var passed = new ConcurrentBag<int>();

        var read = await ReadAsync(room, contents, threads, (index, _) => passed.Add(index));

        passed.ShouldBe([0]);
        read.Count(was => was).ShouldBe(1);
        room.Catalog.IsConfirmed(BlobId.Of(contents[5]), room.Catalog.Find(BlobId.Of(contents[5]))[0]).ShouldBeFalse();
    }

    [Fact]
    public async Task AnotherPackThanTheDamagedOneIsReadAllTheSame()
    {
        await using var room = new Room(options: SmallPacks);
        var contents = await StoreAsync(room, 300);
        room.Catalog.Packs.Count.ShouldBeGreaterThan(1);
        var hurt = room.Catalog.Packs[0];
        room.Grid.Damage(hurt.Reveal());

        var read = await ReadAsync(room, contents, threads: 2, (_, _) => { });

        for (int i = 0; i < contents.Count; i++) read[i].ShouldBe(room.Catalog.Find(BlobId.Of(contents[i]))[0].Pack != hurt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WhoeverCannotUseThemIsToldAndNothingIsLeftOpen(int threads)
    {
        await using var room = new Room(options: SmallPacks);
        var contents = await StoreAsync(room, 100);

        await Should.ThrowAsync<InvalidOperationException>(() => ReadAsync(room, contents, threads, (index, _) =>
        {
            if (index == 50) throw new InvalidOperationException("the disk is full");
        }));

        room.Grid.OpenHandles.ShouldBe(0);
    }

    /// <summary>Half of them can be compressed.</summary>
    private static async Task<List<byte[]>> StoreAsync(Room room, int count)
    {
        var contents = new List<byte[]>();
        for (int i = 0; i < count; i++)
        {
            byte[] content = i % 2 == 0 ? Room.RandomBytes(i, 500 + (i * 17)) : [.. BitConverter.GetBytes(i), .. new byte[3000 + i]];
            contents.Add(content);
            await room.Packs.AddAsync(BlobId.Of(content), content);
        }
        await room.Packs.FlushAsync();
        return contents;
    }

    private static async Task<bool[]> ReadAsync(Room room, List<byte[]> contents, int threads, Action<int, ReadOnlyMemory<byte>> use)
    {
        await using var reading = await new SmallContents(room.Blobs, room.Catalog, threads).BeginAsync([.. contents.Select(content => (BlobId.Of(content), content.Length))], use);
        return await reading.FinishAsync();
    }
}
