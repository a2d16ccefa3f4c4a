using System.Diagnostics;
using System.Globalization;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;

namespace MagicFolder.FileSystem.Tests.Staging;

public sealed class StagedFileTests : IDisposable
{
    private const int Block = 64 << 10;

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;
    private readonly StagingArea _staging;
    private int _names;

    public StagedFileTests()
    {
        _disk = LocalDisk.Open(_folder.Root);
        _staging = new StagingArea(_disk, () => $"{++_names}");
        _staging.Prepare();
    }

    [Fact]
    public void WhatIsWrittenInAnyPiecesIsThere()
    {
        var random = new Random(7);
        for (int run = 0; run < 60; run++)
        {
            var content = Content(random, random.Next(6 * Block));
            using var file = _staging.Create();
            int tries = random.Next(1, 3);
            for (int attempt = 0; attempt < tries; attempt++)
            {
                // All attempts but the last write something else, of no more than this length.
                var now = attempt == tries - 1 ? content : Content(random, random.Next(content.Length + 1));
                for (int at = 0; at < now.Length;)
                {
                    int length = Math.Min(now.Length - at, random.Next(2) == 0 ? random.Next(1, 3 * Block) : Block);
                    file.Write(at, now.AsSpan(at, length));
                    at += length;
                }
            }
            file.Finish(1_000_000_000, 0x1A4).Size.ShouldBe(content.Length);
            File.ReadAllBytes(_folder.At(file.Path.ToString())).ShouldBe(content);
        }
    }

    [Fact]
    public void LongStretchesOfZerosTakeNoSpace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Asks stat(1).");
        using var file = _staging.Create();
        var zeros = new byte[1 << 20];
        for (int i = 0; i < 64; i++) file.Write((long)i << 20, zeros);
        file.Write(64L << 20, [1, 2, 3]);
        for (int i = 0; i < 8; i++) file.Write(((64L + i) << 20) + 3, zeros);
        file.Finish(1_000_000_000, 0x1A4).Size.ShouldBe((72L << 20) + 3);
        BytesOnDisk(_folder.At(file.Path.ToString())).ShouldBeLessThan(1 << 20);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    /// <summary>Stretches of zeros and of other bytes.</summary>
    private static byte[] Content(Random random, int length)
    {
        var content = new byte[length];
        for (int at = 0; at < length;)
        {
            int stretch = Math.Min(length - at, random.Next(1, 2 * Block));
            if (random.Next(2) == 0) random.NextBytes(content.AsSpan(at, stretch));
            at += stretch;
        }
        return content;
    }

    private static long BytesOnDisk(string file)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["--format=%b %B", file]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var blocks = stat.StandardOutput.ReadToEnd().Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return blocks[0] * blocks[1];
    }
}
