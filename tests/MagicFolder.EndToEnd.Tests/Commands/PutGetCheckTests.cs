using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;
using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>The grid by hand: put, get, check.</summary>
public sealed class PutGetCheckTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task WhatTahoeStoredIsReadThroughADirectory()
    {
        using var fixture = new TahoeFixture("1of1");
        fixture.CopyServerTo(0, _computer.At("stor0"));
        foreach (int size in (int[])[55, 56, 131_073, 5_242_880]) await ShouldGetAsync(fixture.Immutable(size), "cap", "stor0");
        await ShouldGetAsync(fixture.Sdmf(131_073), "rw_uri", "stor0");
        await ShouldGetAsync(fixture.Sdmf(1002), "ro_uri", "stor0");
    }

    [Fact]
    public async Task WhatTahoeSpreadOverThreeServersIsReadThroughAGridFileWhicheverOneIsLost()
    {
        using var fixture = new TahoeFixture("2of3");
        for (int i = 0; i < 3; i++) fixture.CopyServerTo(i, _computer.At($"stor{i}"));
        _computer.Write("grid.txt", "k = 2\nn = 3\nstor0\nstor1\nstor2\n");
        for (int i = 0; i < 3; i++)
        {
            Directory.Move(_computer.At($"stor{i}"), _computer.At("away"));
            await ShouldGetAsync(fixture.Immutable(1_048_577), "cap", "grid.txt");
            await ShouldGetAsync(fixture.Sdmf(1000), "ro_uri", "grid.txt");
            Directory.Move(_computer.At("away"), _computer.At($"stor{i}"));
        }
        var item = fixture.Immutable(1_048_577);
        (await _computer.RunAsync("check", item.GetProperty("verify_uri").GetString()!, "--grid", "grid.txt")).ShouldExit(0).Output.ShouldContain("healthy; 3 of 3 shares");

        Directory.Move(_computer.At("stor0"), _computer.At("away0"));
        Directory.Move(_computer.At("stor1"), _computer.At("away1"));
        var result = await _computer.RunAsync("get", item.GetProperty("cap").GetString()!, "--grid", "grid.txt", "--to", "never");
        result.ShouldExit(1);
        result.ErrorLines[^1].ShouldContain("2 shares are needed");
        result.ErrorLines[^1].ShouldContain(_computer.At("stor0"));
        _computer.Names(".").ShouldNotContain(name => name.StartsWith("never", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryMdmfFileOfTahoeIsReadThroughItsWriteAndReadCap()
    {
        using var one = new TahoeFixture("1of1");
        one.CopyServerTo(0, _computer.At("single"));
        using var three = new TahoeFixture("2of3");
        for (int i = 0; i < 3; i++) three.CopyServerTo(i, _computer.At($"stor{i}"));
        Directory.Move(_computer.At("stor1"), _computer.At("away"));
        _computer.Write("grid.txt", "k = 2\nn = 3\nstor0\nstor1\nstor2\n");
        int files = 0;
        foreach (var (fixture, grid) in new[] { (one, "single"), (three, "grid.txt") })
        {
            foreach (var item in fixture.Mutable.Where(item => item.GetProperty("format").GetString() == "MDMF"))
            {
                await ShouldGetAsync(item, files % 2 == 0 ? "rw_uri" : "ro_uri", grid);
                files++;
            }
        }
        files.ShouldBe(16);
    }

    [Fact]
    public async Task AnMdmfObjectIsPutReadCheckedAndRepaired()
    {
        _computer.Write("grid.txt", "k = 2\nn = 4\nhappy = 3\ndisk1\ndisk2\ndisk3\ndisk4\n");
        _computer.Write("file", SampleTree.Bytes(400_000));
        string cap = await PutAsync("file", "--grid", "grid.txt", "--mutable", "--format", "MDMF");
        cap.ShouldStartWith("URI:MDMF:");
        (await _computer.RunAsync("get", cap, "--grid", "grid.txt", "--to", "out")).ShouldExit(0);
        File.ReadAllBytes(_computer.At("out")).ShouldBe(SampleTree.Bytes(400_000));
        await CheckAsync(cap, 0, "healthy; 4 of 4 shares are sound, 2 are needed, on 4 servers");

        byte[] share = await File.ReadAllBytesAsync(Share("disk2"));
        share[100_000] ^= 1;
        await File.WriteAllBytesAsync(Share("disk2"), share);
        File.Delete(Share("disk3"));
        await CheckAsync(cap, 3, "readable, but not healthy; 2 of 4 shares");
        (await _computer.RunAsync("check", cap, "--grid", "grid.txt", "--repair")).ShouldExit(0).Output.ShouldContain("repaired, healthy; 4 of 4");
        (await PutAsync("file", "--grid", "grid.txt", "--mutable", "--format", "sdmf")).ShouldStartWith("URI:SSK:");
    }

    [Fact]
    public async Task PutMakesTheCapsThatTahoeMakes()
    {
        using var fixture = new TahoeFixture("2of3");
        for (int i = 0; i < 3; i++) fixture.CopyServerTo(i, _computer.At($"stor{i}"));
        _computer.Write("grid.txt", "k = 2\nn = 3\nstor0\nstor1\nstor2\n");
        var item = fixture.Immutable(1_048_577);
        string cap = item.GetProperty("cap").GetString()!;
        (await _computer.RunAsync("get", cap, "--grid", "grid.txt", "--to", "content")).ShouldExit(0);

        int before = Shares("stor0") + Shares("stor1") + Shares("stor2");
        (await PutAsync("content", "--grid", "grid.txt", "--convergence", fixture.Convergence)).ShouldBe(cap);
        (Shares("stor0") + Shares("stor1") + Shares("stor2")).ShouldBe(before);
        (await PutAsync("content", "--grid", "new", "--convergence", fixture.Convergence, "--k", "2", "--n", "3", "--segment-size", "1048576")).ShouldBe(cap);
        Shares("new").ShouldBe(3);
    }

    [Fact]
    public async Task EqualFilesGetEqualCapsForOneUserAndRandomKeysDoNot()
    {
        byte[] content = SampleTree.Bytes(100_000);
        _computer.Write("file", content);
        string cap = await PutAsync("file");
        _computer.Exists("data/magic-folder/grid/shares").ShouldBeTrue();
        (await PutAsync("file")).ShouldBe(cap);
        (await PutAsync("file", "--random-key")).ShouldNotBe(cap);
        (await PutThroughPipeAsync("file")).ShouldBe(cap);
        var result = await _computer.RunAsync("get", cap, "--to", "copy");
        result.ShouldExit(0).Output.ShouldBeEmpty();
        (await File.ReadAllBytesAsync(_computer.At("copy"))).ShouldBe(content);
        File.GetUnixFileMode(_computer.At("data/magic-folder/private/convergence")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        _computer.Write("text", "some words, more than a literal can hold: " + new string('x', 100));
        (await _computer.RunAsync("get", await PutAsync("text"))).ShouldExit(0).Output.TrimEnd().ShouldBe(_computer.Read("text"));
    }

    [Fact]
    public async Task AMutableObjectIsMadeFromAKeyInAnyForm()
    {
        using var fixture = new TahoeFixture("2of3");
        var item = fixture.Sdmf(1000);
        byte[] pkcs1 = fixture.PrivateKey(Path.GetFileNameWithoutExtension(item.GetProperty("private_key").GetString()!));
        using var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(pkcs1, out _);
        _computer.Write("key1.der", pkcs1);
        _computer.Write("key1.pem", rsa.ExportRSAPrivateKeyPem());
        _computer.Write("key8.der", rsa.ExportPkcs8PrivateKey());
        _computer.Write("key8.pem", rsa.ExportPkcs8PrivateKeyPem());
        _computer.Write("file", "hello");
        string cap = item.GetProperty("rw_uri").GetString()!;
        foreach (string key in (string[])["key1.der", "key1.pem", "key8.der", "key8.pem"])
            (await PutAsync("file", "--mutable", "--private-key", key)).ShouldBe(cap);

        (await _computer.RunAsync("get", cap)).ShouldExit(0).Output.TrimEnd().ShouldBe("hello");
        _computer.Write("file", "other");
        (await _computer.RunAsync("put", "file", "--mutable", "--private-key", "key8.pem")).ShouldExit(1).ErrorLines.ShouldHaveSingleItem();
        (await PutAsync("file", "--mutable")).ShouldNotBe(cap);
    }

    [Fact]
    public async Task CheckTellsWhatIsDamagedAndRepairHealsIt()
    {
        _computer.Write("grid.txt", "k = 2\nn = 4\ndisk1\ndisk2\ndisk3\ndisk4\n");
        _computer.Write("file", SampleTree.Bytes(300_000));
        string cap = await PutAsync("file", "--grid", "grid.txt");
        await CheckAsync(cap, 0, "healthy; 4 of 4 shares are sound, 2 are needed, on 4 servers");
        string damaged = Share("disk2");
        byte[] bytes = await File.ReadAllBytesAsync(damaged);
        bytes[5000] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes);
        File.Delete(Share("disk3"));
        var result = await CheckAsync(cap, 3, "readable, but not healthy; 2 of 4 shares");
        result.Output.ShouldContain("damaged: Block 0 of the share is damaged.");
        result.Output.ShouldContain("missing");
        using (var json = JsonDocument.Parse((await _computer.RunAsync("check", cap, "--grid", "grid.txt", "--json")).ShouldExit(3).Output))
        {
            json.RootElement.GetProperty("healthy").GetBoolean().ShouldBeFalse();
            json.RootElement.GetProperty("recoverable").GetBoolean().ShouldBeTrue();
            json.RootElement.GetProperty("missing").GetArrayLength().ShouldBe(2);
            json.RootElement.GetProperty("shares").EnumerateArray().Count(share => share.GetProperty("state").GetString() == "damaged").ShouldBe(1);
        }

        (await _computer.RunAsync("check", cap, "--grid", "grid.txt", "--repair")).ShouldExit(0).Output.ShouldContain("repaired, healthy; 4 of 4");
        await CheckAsync(cap, 0, "healthy; 4 of 4 shares are sound, 2 are needed, on 4 servers");

        foreach (string disk in (string[])["disk1", "disk2", "disk3"]) Directory.Delete(_computer.At(disk + "/shares"), recursive: true);
        foreach (string share in Directory.GetFiles(Path.GetDirectoryName(AnyShare("disk4"))!).Skip(1)) File.Delete(share);
        (await CheckAsync(cap, 1, "not readable")).Output.ShouldContain(_computer.At("disk1"));
    }

    [Theory]
    [InlineData("put file --convergence aaaa --random-key")]
    [InlineData("put file --convergence 1!")]
    [InlineData("put file --k 3 --n 2")]
    [InlineData("put file --n 257")]
    [InlineData("put file --n 256 --mutable")]
    [InlineData("put file --segment-size 0")]
    [InlineData("put file --private-key key")]
    [InlineData("put file --mutable --random-key")]
    [InlineData("put file --format mdmf")]
    [InlineData("put file --mutable --format chk")]
    [InlineData("put .")]
    [InlineData("get nonsense")]
    [InlineData("get URI:CHK:abc:def:1:1:100")]
    [InlineData("get URI:SSK-Verifier:m2sewbyf5oeszfzomugadt2gtu:xd6xrx7q4ngq5h37fr2nsa63strovinqxnlamm7tkgtxo74mksrq")]
    [InlineData("get URI:LIT:ma/name")]
    [InlineData("get URI:LIT:ma --json")]
    [InlineData("get URI:DIR2-LIT: --json --to new")]
    [InlineData("get URI:DIR2-LIT: --to file")]
    [InlineData("get URI:DIR2-Verifier:m2sewbyf5oeszfzomugadt2gtu:xd6xrx7q4ngq5h37fr2nsa63strovinqxnlamm7tkgtxo74mksrq")]
    [InlineData("check URI:LIT:ma --deep")]
    [InlineData("check URI:DIR2-Verifier:m2sewbyf5oeszfzomugadt2gtu:xd6xrx7q4ngq5h37fr2nsa63strovinqxnlamm7tkgtxo74mksrq --deep")]
    [InlineData("check URI:DIR2-RO:ozggu465dmuoskly6p4fbwssgm:xd6xrx7q4ngq5h37fr2nsa63strovinqxnlamm7tkgtxo74mksrq --repair")]
    [InlineData("check URI:SSK-RO:ozggu465dmuoskly6p4fbwssgm:xd6xrx7q4ngq5h37fr2nsa63strovinqxnlamm7tkgtxo74mksrq --repair")]
    public async Task WrongUsageIsSaidInOneLineAndChangesNothing(string arguments)
    {
        _computer.Write("file", new string('x', 1000));
        var result = await _computer.RunAsync(arguments.Split(' '));
        result.ShouldExit(2).ShouldBeCalm();
        result.ErrorLines.Length.ShouldBe(1, result.ToString());
        _computer.Exists("data/magic-folder/grid").ShouldBeFalse();
    }

    [Fact]
    public async Task AFileIsSpreadOverAsManySharesAsTahoeAllows()
    {
        _computer.Write("grid.txt", "k = 2\nn = 3\ndisk1\ndisk2\ndisk3\n");
        _computer.Write("file", SampleTree.Bytes(5000));
        string cap = await PutAsync("file", "--grid", "grid.txt", "--k", "3", "--n", "256");
        Directory.Move(_computer.At("disk2"), _computer.At("away"));
        (await _computer.RunAsync("get", cap, "--grid", "grid.txt", "--to", "out")).ShouldExit(0);
        File.ReadAllBytes(_computer.At("out")).ShouldBe(SampleTree.Bytes(5000));
        (Shares("disk1") + Shares("disk3") + Shares("away")).ShouldBe(256);
    }

    [Fact]
    public async Task WhatIsNoNumberNoCapOrNoPlaceIsCalledThat()
    {
        _computer.Write("file", new string('x', 1000));
        (await _computer.RunAsync("put", "file", "--k", "many")).ShouldExit(2).ErrorLines[0].ShouldBe("magic-folder: --k takes a number, not 'many'.");
        (await _computer.RunAsync("put", "file", "--grid", "")).ShouldExit(2).ErrorLines[0].ShouldBe("magic-folder: --grid is given, but its value is empty.");
        (await _computer.RunAsync("get", "URI:LIT:ma", "--to", "")).ShouldExit(2).Errors.ShouldContain("--to is given");
        (await _computer.RunAsync("put", "")).ShouldExit(2).Errors.ShouldContain("FILE is empty");
        (await _computer.RunAsync("get", "nonsense")).ShouldExit(2).Errors.ShouldContain("CAP is no cap of Tahoe-LAFS");
        (await _computer.RunAsync("get", "lafs:later")).ShouldExit(2).Errors.ShouldContain("of a kind that this version does not know");
        (await _computer.RunAsync("get", "URI:LIT:ma", "--to", "nowhere/out")).ShouldExit(1).Errors.ShouldContain("The directory in which nowhere/out is to be made is not there");
    }

    public void Dispose() => _computer.Dispose();

    private int Shares(string directory) => Directory.EnumerateFiles(_computer.At(directory + "/shares"), "*", SearchOption.AllDirectories).Count();

    private string Share(string directory) => Directory.EnumerateFiles(_computer.At(directory + "/shares"), "*", SearchOption.AllDirectories).Single();

    private string AnyShare(string directory) => Directory.EnumerateFiles(_computer.At(directory + "/shares"), "*", SearchOption.AllDirectories).First();

    private async Task<string> PutAsync(params string[] arguments)
    {
        var result = await _computer.RunAsync(["put", .. arguments]);
        result.ShouldExit(0).Errors.ShouldBeEmpty();
        return result.Output.TrimEnd();
    }

    private async Task<ProgramResult> CheckAsync(string cap, int exitCode, string words)
    {
        var result = (await _computer.RunAsync("check", cap, "--grid", "grid.txt")).ShouldExit(exitCode);
        result.Output.ShouldContain(words);
        return result;
    }

    private async Task ShouldGetAsync(JsonElement item, string cap, string grid)
    {
        (await _computer.RunAsync("get", item.GetProperty(cap).GetString()!, "--grid", grid, "--to", "out")).ShouldExit(0);
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_computer.At("out")))).ShouldBe(item.GetProperty("sha256").GetString());
    }

    private async Task<string> PutThroughPipeAsync(string file)
    {
        var start = new ProcessStartInfo(ProgramProcess.Program[0], [.. ProgramProcess.Program[1..], "put", "-"])
        {
            WorkingDirectory = _computer.At("."), UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = _computer.At(".");
        start.Environment["XDG_DATA_HOME"] = _computer.At("data");
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(await File.ReadAllBytesAsync(_computer.At(file)));
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.TrimEnd();
    }
}
