using System.Security.Cryptography;
using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>Directories of Tahoe-LAFS by their caps: listed, walked, fetched, checked.</summary>
public sealed class DirectoryCapTests : IDisposable
{
    private readonly Computer _computer = new();
    private readonly TahoeFixture _fixture = new("1of1");

    public DirectoryCapTests() => _fixture.CopyServerTo(0, _computer.At("stor0"));

    [Theory]
    [InlineData("DIR2", "rw_uri", 8)]
    [InlineData("DIR2", "ro_uri", 8)]
    [InlineData("DIR2-empty", "rw_uri", 0)]
    [InlineData("DIR2-MDMF", "rw_uri", 8)]
    [InlineData("DIR2-MDMF-empty", "rw_uri", 0)]
    [InlineData("DIR2-MDMF-empty", "ro_uri", 0)]
    [InlineData("DIR2-CHK", "ro_uri", 2)]
    [InlineData("DIR2-LIT", "ro_uri", 1)]
    [InlineData("DIR2-LIT-empty", "ro_uri", 0)]
    [InlineData("DIR2-100-children", "ro_uri", 100)]
    public async Task ADirectoryIsListedAsTheGatewayOfTahoeListsIt(string name, string kind, int children)
    {
        string cap = _fixture.DirectoryCap(name, kind);
        var theirs = _fixture.Listing(name, isReadOnly: kind == "ro_uri").GetProperty("children");
        using var listing = JsonDocument.Parse((await _computer.RunAsync("get", cap, "--grid", "stor0", "--json")).ShouldExit(0).Output);
        var ours = listing.RootElement.GetProperty("children").EnumerateArray().ToDictionary(child => child.GetProperty("name").GetString()!);
        ours.Keys.ShouldBe(theirs.EnumerateObject().Select(child => child.Name), ignoreOrder: true);
        ours.Count.ShouldBe(children);
        foreach (var (child, our) in ours)
        {
            var their = theirs.GetProperty(child);
            our.GetProperty("kind").GetString().ShouldBe(their[0].GetString() switch { "filenode" => "file", "dirnode" => "directory", var other => other });
            Text(our, "writeCap").ShouldBe(Text(their[1], "rw_uri"));
            Text(our, "readCap").ShouldBe(Text(their[1], "ro_uri"));
            JsonElement.DeepEquals(our.GetProperty("metadata"), their[1].GetProperty("metadata")).ShouldBeTrue();
            if (their[1].TryGetProperty("size", out var size)) our.GetProperty("size").GetInt64().ShouldBe(size.GetInt64());
        }
        string[] lines = (await _computer.RunAsync("get", cap, "--grid", "stor0")).ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line[21..].Trim()).ShouldBe(ours.Keys);
        lines.ShouldAllBe(line => !line.Contains("URI:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APathLeadsFromDirectoryToDirectoryToAFile()
    {
        string cap = _fixture.DirectoryCap("DIR2", "rw_uri");
        string listing = (await _computer.RunAsync("get", cap, "--grid", "stor0")).ShouldExit(0).Output;
        listing.ShouldContain("file           56 B  chk.bin\n");
        listing.ShouldContain("directory         -  sub\n");
        listing.ShouldContain("unknown           -  future\n");
        (await _computer.RunAsync("get", cap + "/chk.bin", "--grid", "stor0", "--to", "out")).ShouldExit(0);
        Hash("out").ShouldBe(_fixture.Immutable(56).GetProperty("sha256").GetString());
        // The name is stored with U+00C5, in its normalized form.
        (await _computer.RunAsync("get", cap + "/unicode ü ✓ A\u030a", "--grid", "stor0", "--to", "out")).ShouldExit(0);
        Hash("out").ShouldBe(_fixture.Immutable(55).GetProperty("sha256").GetString());
        (await _computer.RunAsync("get", cap + "/mdmf-rw", "--grid", "stor0", "--to", "out")).ShouldExit(0);
        new FileInfo(_computer.At("out")).Length.ShouldBe(1000);
        (await _computer.RunAsync("get", cap + "/sub/", "--grid", "stor0")).ShouldExit(0);

        foreach (var (path, words) in new[]
        {
            ("/nothing", "There is no 'nothing'"), ("/sub/nothing", "There is no 'nothing'"), ("/chk.bin/more", "'chk.bin' is a file"),
            ("/future", "'future' is of a kind that this version does not know"), ("/future/more", "'future' is of a kind"), ("/../sub", "There is no '..'"),
        })
        {
            var result = await _computer.RunAsync("get", cap + path, "--grid", "stor0");
            result.ShouldExit(1).Output.ShouldBeEmpty();
            result.ErrorLines.ShouldHaveSingleItem().ShouldContain(words);
            result.Errors.ShouldNotContain("URI:");
        }
    }

    [Fact]
    public async Task ALiteralDirectoryNeedsNoGrid()
    {
        // One child named 'a', the empty literal (docs/formats/directories.md, section 6); then names and caps that no honest writer makes.
        (await _computer.RunAsync("get", "URI:DIR2-LIT:giztumj2mewdqosvkjetutcjkq5cymb2fqzdu635fqwa")).ShouldExit(0).Output.ShouldBe("file            0 B  a\n");
        (await _computer.RunAsync("get", "URI:DIR2-LIT:giztumj2mewdqosvkjetutcjkq5cymb2fqzdu635fqwa/a")).ShouldExit(0).Output.ShouldBeEmpty();
        (await _computer.RunAsync("get", Literal(("\u001b[2J\nx", "URI:LIT:")))).ShouldExit(0).Output.ShouldBe("file            0 B  \\u{1b}[2J\\u{a}x\n");
        foreach (string metadata in (string[])["{\"\\ud800\": \"\\udc00\", \"size\": 7}", $"{{\"a\": {new string('[', 63)}{new string(']', 63)}, \"size\": 7}}"])
        {
            string odd = Literal(metadata, ("x", "URI:LIT:ma"));
            (await _computer.RunAsync("get", odd, "--json")).ShouldExit(0).Output.ShouldContain(metadata);
        }
        string skipping = Literal(("w", "URI:CHK:nonsense"));
        (await _computer.RunAsync("get", skipping)).ShouldExit(0).Output.ShouldBe("skipped           -  w  (a cap of it is malformed)\n");
        (await _computer.RunAsync("get", skipping + "/w")).ShouldExit(1).ErrorLines.ShouldHaveSingleItem().ShouldContain("'w' cannot be followed: a cap of it is malformed");
        (await _computer.RunAsync("get", "URI:DIR2-LIT:me")).ShouldExit(1).ErrorLines.ShouldHaveSingleItem().ShouldContain("no directory that can be understood");
    }

    [Fact]
    public async Task AWholeDirectoryIsFetchedAndWhatCannotBeIsNamed()
    {
        string cap = _fixture.DirectoryCap("DIR2", "ro_uri");
        var result = (await _computer.RunAsync("get", cap, "--grid", "stor0", "--to", "new")).ShouldExit(3);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain("future: it is of a kind that this version does not know; it is left out");
        Hash("new/chk.bin").ShouldBe(_fixture.Immutable(56).GetProperty("sha256").GetString());
        Directory.Exists(_computer.At("new/sub")).ShouldBeTrue();
        _computer.Names("new").Length.ShouldBe(7);
        (await _computer.RunAsync("get", cap, "--grid", "stor0", "--to", "new")).ShouldExit(2).ErrorLines.ShouldHaveSingleItem().ShouldContain("not empty");
        _computer.Names(".").ShouldNotContain(name => name.EndsWith(".new", StringComparison.Ordinal));

        Directory.CreateDirectory(_computer.At("empty"));
        (await _computer.RunAsync("get", _fixture.DirectoryCap("DIR2-100-children", "ro_uri"), "--grid", "stor0", "--to", "empty/")).ShouldExit(0);
        _computer.Names("empty").Length.ShouldBe(100);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("/no-such-directory/x")]
    [InlineData("../../x")]
    [InlineData("a\0b")]
    public async Task ANameThatWouldLeadOutOfTheDirectoryIsRefused(string name)
    {
        string before = string.Join(' ', _computer.Names("."));
        var result = (await _computer.RunAsync("get", Literal((name, "URI:LIT:ma")), "--to", "inside/new")).ShouldExit(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain("is not there");
        Directory.CreateDirectory(_computer.At("inside"));
        result = (await _computer.RunAsync("get", Literal((name, "URI:LIT:ma")), "--to", "inside/new")).ShouldExit(3);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain("no file can have that name");
        _computer.Names("inside").ShouldBe(["new"]);
        _computer.Names("inside/new").ShouldBeEmpty();
        string.Join(' ', _computer.Names(".").Where(found => found != "inside")).ShouldBe(before);
    }

    [Fact]
    public async Task ADirectoryIsNotFetchedThroughALink()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(_computer.At("elsewhere"));
        Directory.CreateSymbolicLink(_computer.At("link"), _computer.At("elsewhere"));
        (await _computer.RunAsync("get", Literal(("a", "URI:LIT:ma")), "--to", "link")).ShouldExit(2);
        _computer.Names("elsewhere").ShouldBeEmpty();
    }

    [Fact]
    public async Task ADirectoryIsCheckedAloneAndWithAllThatIsBelowIt()
    {
        string cap = _fixture.DirectoryCap("DIR2", "rw_uri");
        (await _computer.RunAsync("check", cap, "--grid", "stor0")).ShouldExit(0).Output.ShouldContain("healthy; 1 of 1 shares");
        (await _computer.RunAsync("check", _fixture.DirectoryCap("DIR2", "verify_uri"), "--grid", "stor0")).ShouldExit(0);
        var deep = (await _computer.RunAsync("check", cap, "--grid", "stor0", "--deep")).ShouldExit(3);
        deep.Output.ShouldContain("future: not checked: it is of a kind that this version does not know.");
        deep.Output.ShouldContain("5 objects: 5 healthy, 0 not, 1 not checked.");
        (await _computer.RunAsync("check", _fixture.DirectoryCap("DIR2-100-children", "ro_uri"), "--grid", "stor0", "--deep")).ShouldExit(0);

        string index = _fixture.Immutable(56).GetProperty("verify_uri").GetString()!.Split(':')[2];
        File.Delete(_computer.At($"stor0/shares/{index[..2]}/{index}/0"));
        using var json = JsonDocument.Parse((await _computer.RunAsync("check", cap, "--grid", "stor0", "--deep", "--json")).ShouldExit(1).Output);
        json.RootElement.GetProperty("healthy").GetInt32().ShouldBe(4);
        json.RootElement.GetProperty("unhealthy")[0].GetProperty("path").GetString().ShouldBe("chk.bin");
    }

    [Fact]
    public async Task AnObjectIsRepairedByTheWriteCapThatStandsDeeperThanItsReadCap()
    {
        _computer.Write("grid.txt", "k = 1\nn = 2\nhappy = 2\ndisk1\ndisk2\n");
        var file = await PutMutableAsync(_ => "content"u8.ToArray());
        var shared = await PutDirectoryAsync(("file", file));
        var deep = await PutDirectoryAsync(("shared", new DirectoryCap(shared)));
        // Both are met first at the top, where one can only read them.
        var top = await PutDirectoryAsync(("a-file", file.ToReadCap()), ("b-shared", new DirectoryCap(shared.ToReadCap())), ("c-deep", new DirectoryCap(deep)));
        foreach (var lost in (MutableWriteCap[])[file, shared])
            Directory.Delete(Directory.GetDirectories(_computer.At("disk2/shares"), lost.StorageIndex.ToString(), SearchOption.AllDirectories).Single(), recursive: true);

        string readOnly = new DirectoryCap(top.ToReadCap()).ToUriString();
        (await _computer.RunAsync("check", readOnly, "--deep", "--repair", "--grid", "grid.txt")).ShouldExit(3).Output.ShouldContain(
            "  a-file: readable, but not healthy; 1 of 2 shares are sound, 1 are needed, on 1 server of their own. Repair it with --repair and its write cap.\n");
        (await _computer.RunAsync("check", new DirectoryCap(top).ToUriString(), "--deep", "--repair", "--grid", "grid.txt")).ShouldExit(0).Output.ShouldBe("4 objects: 4 healthy, 0 not.\n");
        (await _computer.RunAsync("check", readOnly, "--deep", "--grid", "grid.txt")).ShouldExit(0);
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _computer.Dispose();
    }

    private Task<MutableWriteCap> PutDirectoryAsync(params (string Name, Cap Cap)[] children) => PutMutableAsync(cap => children.Aggregate(
        DirectoryTable.Empty(DirectoryAuthority.Writer(cap.WriteKey)),
        (table, child) => table.With(new DirectoryChild(ChildName.From(child.Name), ChildCaps.Of(child.Cap), ChildMetadata.Empty))).Pack());

    private async Task<MutableWriteCap> PutMutableAsync(Func<MutableWriteCap, byte[]> content)
    {
        using var keys = MutableKeys.Generate();
        _computer.Write("key", keys.PrivateKey.ToArray());
        _computer.Write("put", content(keys.ToWriteCap()));
        (await _computer.RunAsync("put", "put", "--mutable", "--private-key", "key", "--grid", "grid.txt")).ShouldExit(0).Output.TrimEnd().ShouldBe(keys.ToWriteCap().ToUriString());
        return keys.ToWriteCap();
    }

    private static string? Text(JsonElement of, string property) => of.TryGetProperty(property, out var found) ? found.GetString() : null;

    private string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_computer.At(file))));

    /// <summary>The cap of an immutable directory that stands in it; the names and caps are packed as they are.</summary>
    private static string Literal(params (string Name, string Cap)[] children) => Literal("{}", children);

    private static string Literal(string metadata, params (string Name, string Cap)[] children)
    {
        string table = string.Concat(children.Select(child => Netstring(Netstring(child.Name) + Netstring(child.Cap) + Netstring("") + Netstring(metadata))));
        return $"URI:DIR2-LIT:{Base32.Encode(System.Text.Encoding.UTF8.GetBytes(table))}";
    }

    private static string Netstring(string text) => $"{System.Text.Encoding.UTF8.GetByteCount(text)}:{text},";
}
