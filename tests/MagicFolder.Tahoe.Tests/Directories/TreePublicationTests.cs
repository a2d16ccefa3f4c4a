using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Tests.Directories;

public sealed class TreePublicationTests
{
    private readonly Dictionary<ImmutableCap, byte[]> _stored = [];

    [Fact]
    public void AnEmptyTreeIsTheEmptyLiteral()
    {
        Publish().ToUriString().ShouldBe("URI:DIR2-LIT:");
        _stored.ShouldBeEmpty();
    }

    [Fact]
    public void SmallDirectoriesAreLiteralsInTheirParents()
    {
        var root = Publish(Entry("d"), File("d/a", ""));
        _stored.Count.ShouldBe(1);
        Encoding.ASCII.GetString(_stored[(ImmutableCap)root.Inner])
            .ShouldBe("73:1:d,57:URI:DIR2-LIT:giztumj2mewdqosvkjetutcjkq5cymb2fqzdu635fqwa,0:,2:{},,");
    }

    [Fact]
    public void DirectoriesComeFromTheLeavesToTheRoot()
    {
        using var tree = new TreePublication([File("a/b/c", Long), File("a/d", Long), File("e", Long)]);
        var paths = new List<string>();
        while (tree.Next() is { } directory)
        {
            paths.Add(string.Join('/', directory.Path));
            Should.Throw<InvalidOperationException>(tree.Next);
            tree.Stored(Store(directory.Packed));
        }

        paths.ShouldBe(["a/b", "a", ""]);
        Should.Throw<InvalidOperationException>(() => tree.Stored(new LiteralCap([])));
        tree.Next().ShouldBeNull();
    }

    [Fact]
    public void WhatIsPublishedIsReadAgainAndAnUnchangedSubtreeKeepsItsCap()
    {
        var names = Gen.Elements("a", "b", "c", "d-e", "é", "z");
        var files = Gen.Zip(names.NonEmptyListOf().Where(path => path.Count < 5), Gen.Choose(0, 90)).ListOf();
        Prop.ForAll(files.ToArbitrary(), list =>
        {
            _stored.Clear();
            // Directories in which a file has the same name lose it.
            var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, length) in list)
            {
                tree["top/" + string.Join("/", path) + "!"] = new string('x', length);
            }

            var root = Publish([.. tree.OrderBy(file => file.Key.Replace('/', '\0'), StringComparer.Ordinal).Select(file => File(file.Key, file.Value)), Entry("zzz"), File("zzz/more", Long)]);
            var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
            Walk(root, "", read);
            read.Remove("zzz/more").ShouldBeTrue();
            read.ShouldBe(tree);

            var changed = Publish([.. tree.OrderBy(file => file.Key.Replace('/', '\0'), StringComparer.Ordinal).Select(file => File(file.Key, file.Value)), Entry("zzz"), File("zzz/more", "less")]);
            changed.ShouldNotBe(root);
            if (tree.Count > 0)
            {
                ChildrenOf(changed).Single(child => child.Name.Text == "top").ShouldBe(ChildrenOf(root).Single(child => child.Name.Text == "top"));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void TwoSpellingsOfANameAreReportedAndTheFirstStays()
    {
        using var tree = new TreePublication([File("e\u0301", "one"), Entry("é"), File("é/below", "two"), File("f", "three")]);
        while (tree.Next() is { } directory)
        {
            tree.Stored(Store(directory.Packed));
        }

        tree.LeftOut.ShouldHaveSingleItem().Path.ShouldBe(["é"]);
        ChildrenOf(tree.Root!).Select(child => (child.Name.Text, child.Caps.Read is LiteralCap)).ShouldBe([("f", true), ("é", true)]);
    }

    [Fact]
    public void MetadataStandsBesideFilesAndDirectories()
    {
        var root = Publish(Entry("d") with { Metadata = ChildMetadata.Empty.With("mtime", 1.5) }, File("d/f", "x") with { Metadata = ChildMetadata.Parse("""{"k": "v"}""") });
        var directory = ChildrenOf(root).ShouldHaveSingleItem();
        directory.Metadata.ShouldBe(ChildMetadata.Parse("""{"mtime": 1.5}"""));
        ChildrenOf((DirectoryCap)directory.Caps.Read!).ShouldHaveSingleItem().Metadata.ShouldBe(ChildMetadata.Parse("""{"k": "v"}"""));
    }

    [Fact]
    public void WhatIsNoWalkOrCanChangeIsAProgrammersMistake()
    {
        var mutable = Cap.Parse("URI:SSK-RO:65ruo2zytr3uxnaxkptdoqkth4:hncpinwszbggrurbvuaaexnftk3j5wfr7473pj2g734mo2isxlbq");
        TreeEntry[][] wrong =
        [
            [File("a/b", ""), File("c", ""), File("a/d", "")],
            [File("a", ""), File("a", "")],
            [File("a", ""), File("a/b", "")],
            [new TreeEntry([], new LiteralCap([]), ChildMetadata.Empty)],
            [File("a", "") with { Cap = mutable }],
            [File("a\ud800", "")],
        ];
        foreach (var entries in wrong)
        {
            Should.Throw<ArgumentException>(() => Publish(entries));
        }
    }

    private static string Long { get; } = new('l', 55);

    private static TreeEntry Entry(string path) => new(path.Split('/'), null, ChildMetadata.Empty);

    private static TreeEntry File(string path, string content) => Entry(path) with { Cap = new LiteralCap(Encoding.UTF8.GetBytes(content)) };

    private DirectoryCap Publish(params TreeEntry[] entries)
    {
        using var tree = new TreePublication(entries);
        while (tree.Next() is { } directory)
        {
            directory.Packed.Length.ShouldBeGreaterThan(55);
            tree.Stored(Store(directory.Packed));
        }

        tree.LeftOut.ShouldBeEmpty();
        return tree.Root.ShouldNotBeNull();
    }

    /// <summary>A convergent store: equal bytes have one cap.</summary>
    private ChkCap Store(ReadOnlyMemory<byte> packed)
    {
        var hash = TaggedHash.Compute("test"u8, packed.Span);
        var cap = new ChkCap(AesKey.From(hash.ToArray().AsSpan(0, 16)), hash, 1, 1, packed.Length);
        _stored[cap] = packed.ToArray();
        return cap;
    }

    private List<DirectoryChild> ChildrenOf(DirectoryCap cap)
    {
        var packed = cap.Inner is LiteralCap literal ? literal.Data : _stored[(ImmutableCap)cap.Inner];
        return [.. DirectoryTable.Parse(packed, DirectoryAuthority.Of(cap)).Children];
    }

    private void Walk(DirectoryCap cap, string prefix, SortedDictionary<string, string> files)
    {
        foreach (var child in ChildrenOf(cap))
        {
            if (child.Caps.Read is DirectoryCap directory)
            {
                Walk(directory, $"{prefix}{child.Name}/", files);
            }
            else
            {
                files[prefix + child.Name] = Encoding.UTF8.GetString(((LiteralCap)child.Caps.Read!).Data.Span);
            }
        }
    }
}
