using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bitloom.Runtime.Tests;

public class ThreadTeamTests
{
    // Far beyond what any of these takes, on a busy machine, too: only a hang gets here.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void EveryPartRunsOncePerRun(int size) => Within(() =>
    {
        var counts = new int[size];
        using var team = new ThreadTeam(size, part => Interlocked.Increment(ref counts[part]));
        int runs = size <= 2 ? 5000 : 1000;
        for (int run = 1; run <= runs; run++)
        {
            team.Run();
            Assert.All(counts, count => Assert.Equal(run, count));
        }
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void NoPartPassesABarrierBeforeAllHaveCome(int size) => Within(() =>
    {
        const int Steps = 20;
        var steps = new int[size];
        int violations = 0;
        ThreadTeam? team = null;
        team = new ThreadTeam(size, part =>
        {
            for (int step = 1; step <= Steps; step++)
            {
                Volatile.Write(ref steps[part], step);
                team!.Barrier();
                foreach (ref int other in steps.AsSpan())
                    if (Volatile.Read(ref other) != step) Interlocked.Increment(ref violations);
                team.Barrier();
            }
        });
        for (int run = 0; run < 200; run++) team.Run();
        team.Dispose();
        Assert.Equal(0, violations);
    });

    [Fact]
    public void WritesBeforeABarrierAreSeenAfterIt() => Within(() =>
    {
        var values = new long[2 * 64];
        long wrong = 0;
        ThreadTeam? team = null;
        team = new ThreadTeam(2, part =>
        {
            for (long step = 0; step < 10_000; step++)
            {
                values[part * 64] = step;
                team!.Barrier();
                if (values[(1 - part) * 64] != step) Interlocked.Increment(ref wrong);
                team.Barrier();
            }
        });
        team.Run();
        team.Dispose();
        Assert.Equal(0, wrong);
    });

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(8, 0)]
    public void AnExceptionReachesTheCallerAndTheTeamRunsAgain(int size, int failing) => Within(() =>
    {
        var finished = new int[size];
        int failAt = -1;
        ThreadTeam? team = null;
        team = new ThreadTeam(size, part =>
        {
            for (int step = 0; step < 4; step++)
            {
                if (part == failing && step == failAt) throw new DivideByZeroException("step " + (char)('0' + step));
                team!.Barrier();
            }

            Interlocked.Increment(ref finished[part]);
        });
        for (int round = 0; round < 200; round++)
        {
            failAt = round % 4;
            var failure = Assert.Throws<DivideByZeroException>(team.Run);
            Assert.Equal("step " + (char)('0' + failAt), failure.Message);
            Assert.Equal(round, finished[failing]);
            failAt = -1;
            int[] before = [.. finished];
            team.Run();
            Assert.Equal(before.Select(count => count + 1), finished);
        }

        team.Dispose();
    });

    [Fact]
    public void WhenAllPartsThrowOneIsReported() => Within(() =>
    {
        using var team = new ThreadTeam(4, part => throw new NotSupportedException());
        for (int run = 0; run < 100; run++) Assert.Throws<NotSupportedException>(team.Run);
    });

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void UnequalNumbersOfBarriersFailInsteadOfHanging(int size) => Within(() =>
    {
        ThreadTeam? team = null;
        bool isUneven = true;
        team = new ThreadTeam(size, part =>
        {
            team!.Barrier();
            if (!isUneven || part == size - 1) team.Barrier();
        });
        for (int round = 0; round < 50; round++)
        {
            isUneven = true;
            Assert.Contains("barrier", Assert.ThrowsAny<InvalidOperationException>(team.Run).Message, StringComparison.Ordinal);
            isUneven = false;
            team.Run();
        }

        team.Dispose();
    });

    [Fact]
    public void RunAllocatesNothing() => Within(() =>
    {
        var allocated = new long[2];
        ThreadTeam? team = null;
        team = new ThreadTeam(2, part =>
        {
            team!.Barrier();
            allocated[part] = GC.GetAllocatedBytesForCurrentThread();
        });
        for (int run = 0; run < 100; run++) team.Run();
        long[] before = [.. allocated];
        long onCaller = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 1000; run++)
        {
            // Now and then the other part must have fallen asleep, so that waking it is covered.
            if (run % 100 == 0) Thread.Sleep(2);
            team.Run();
        }

        Assert.Equal(onCaller, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(before[1], allocated[1]);
        team.Dispose();
    });

    [Fact]
    public void SleepingPartsWake() => Within(() =>
    {
        int runs = 0;
        using var team = new ThreadTeam(3, _ => Interlocked.Increment(ref runs));
        for (int run = 1; run <= 30; run++)
        {
            // Pauses around the length of the polling hit every moment of falling asleep.
            Thread.Sleep(run % 3);
            Thread.SpinWait(run * 100);
            team.Run();
            Assert.Equal(3 * run, runs);
        }
    });

    [Fact]
    public void IdlePartsSleep() => Within(() =>
    {
        var ids = new ConcurrentDictionary<int, bool>();
        using var team = new ThreadTeam(2, _ => ids[Environment.CurrentManagedThreadId] = true);
        team.Run();
        Assert.Equal(2, ids.Count);
        Assert.True(SpinWait.SpinUntil(() => team.SleepingParts == 1, Patience));
    });

    [Fact]
    public void ManyTeamsComeAndGo() => Within(() =>
    {
        for (int i = 0; i < 100; i++)
        {
            int runs = 0;
            using var team = new ThreadTeam(1 + (i % 4), _ => Interlocked.Increment(ref runs));
            if (i % 3 != 0) team.Run();
            Assert.Equal(i % 3 != 0 ? team.Size : 0, runs);
        }
    });

    [Fact]
    public void DisposingTwiceIsFineAndRunningAfterwardsIsNot()
    {
        var team = new ThreadTeam(2, _ => { });
        team.Run();
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(team.Run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RunningOrDisposingFromTheBodyIsRefused(int size) => Within(() =>
    {
        ThreadTeam? team = null;
        Action misuse = () => team!.Run();
        team = new ThreadTeam(size, part =>
        {
            if (part == 0) misuse();
        });
        Assert.Contains("one caller at a time", Assert.Throws<InvalidOperationException>(team.Run).Message, StringComparison.Ordinal);
        misuse = team.Dispose;
        Assert.Contains("after the run", Assert.Throws<InvalidOperationException>(team.Run).Message, StringComparison.Ordinal);
        misuse = () => { };
        team.Run();
        team.Dispose();
    });

    [Fact]
    public void TimesBusyLeaveOutWaiting()
    {
        ThreadTeam? team = null;
        team = new ThreadTeam(2, part =>
        {
            if (part == 0) Thread.Sleep(100);
            team!.Barrier();
            if (part == 1) Thread.Sleep(20);
        });
        using (team)
        {
            team.Run();
            Assert.InRange(TimeSpan.FromSeconds(team.Busy[0] / (double)Stopwatch.Frequency).TotalMilliseconds, 95, 10_000);
            Assert.InRange(team.Busy[1], 1, team.Busy[0] - 1);
        }
    }

    [Fact]
    public void ATeamHasAtLeastOnePart() => Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(0, _ => { }));

    private static void Within(Action test)
    {
        var run = Task.Factory.StartNew(test, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(((IAsyncResult)run).AsyncWaitHandle.WaitOne(Patience), "The team hangs.");
        run.GetAwaiter().GetResult();
    }
}
